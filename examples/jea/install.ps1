<#
.SYNOPSIS
Builds the module HvReplica, which a constrained endpoint offers, from the scripts of the package.

.PARAMETER ScriptFolder
The folder with the scripts, in subfolders. Default: that of the package which this file belongs to.

.PARAMETER ModuleFolder
The folder that the module goes into. Default: the modules for all users of Windows PowerShell. Only administrators may be
able to write there.
#>
param(
    [string]$ScriptFolder,
    [string]$ModuleFolder = (Join-Path $Env:ProgramFiles 'WindowsPowerShell\Modules')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($ScriptFolder -eq '') {
    $package = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    foreach ($root in @('dist', 'provider')) {
        $candidate = Join-Path (Join-Path $package $root) 'transports\powershell\scripts'
        if (Test-Path -LiteralPath $candidate -PathType Container) { $ScriptFolder = $candidate; break }
    }
    if ($ScriptFolder -eq '') { throw 'The scripts are not beside this file: name their folder with -ScriptFolder.' }
}
$scripts = @(Get-ChildItem -LiteralPath $ScriptFolder -Filter '*.ps1' -File -Recurse | Sort-Object -Property Name)
if ($scripts.Count -eq 0) { throw 'There are no scripts in the folder that -ScriptFolder names.' }

$manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $PSScriptRoot 'HvReplica.psd1')
$target = Join-Path $ModuleFolder 'HvReplica'
$capabilities = Join-Path $target 'RoleCapabilities'
$null = New-Item -ItemType Directory -Path $capabilities -Force
Copy-Item -LiteralPath (Join-Path $PSScriptRoot 'HvReplica.psd1') -Destination $target -Force
Copy-Item -LiteralPath (Join-Path $PSScriptRoot 'RoleCapabilities\HvReplicaOperator.psrc') -Destination $capabilities -Force

# One file: in a constrained session a module cannot be sure to reach others beside it.
$parts = New-Object -TypeName 'System.Collections.Generic.List[string]'
foreach ($script in $scripts) { $parts.Add([System.IO.File]::ReadAllText($script.FullName)) }
$names = @($manifest['FunctionsToExport'])
$parts.Add('Export-ModuleMember -Function @(''' + ($names -join ''', ''') + ''')')
$newLine = [string][char]10
[System.IO.File]::WriteAllText((Join-Path $target 'HvReplica.psm1'), ($parts -join $newLine) + $newLine)

Get-Module -ListAvailable -Name $target
