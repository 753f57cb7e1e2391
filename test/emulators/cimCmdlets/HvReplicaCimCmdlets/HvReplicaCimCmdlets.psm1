<#
CIM cmdlets on top of a simulated Hyper-V host, as far as the scripts of the transport call them; see ../README.md.
What they give looks like what the CIM client of .NET gives: properties by name, CimInstanceProperties, CimSystemProperties;
timestamps as DateTime in local time, intervals as TimeSpan, references as instances that hold keys.
#>

Set-StrictMode -Version Latest
$script:Server = $null

# One line there, one line back. Texts come with a mark in front: no text of the host can be taken for a date.
function Send-HostRequest {
    param([hashtable]$Request)
    if ($null -eq $script:Server) { $script:Server = Start-LineServer }
    $script:Server.StandardInput.WriteLine((ConvertTo-Json -InputObject $Request -Depth 10 -Compress -EscapeHandling EscapeNonAscii))
    $script:Server.StandardInput.Flush()
    $line = $script:Server.StandardOutput.ReadLine()
    if ($null -eq $line) {
        $script:Server = $null
        throw 'The simulated host has ended.'
    }
    $answer = ConvertFrom-Json -InputObject $line -AsHashtable
    if (-not $answer['ok']) { throw (ConvertFrom-HostError $answer['error']) }
    $answer
}

function Start-LineServer {
    $root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../../../..'))
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $start.FileName = if ($Env:HVR_CIM_NODE) { $Env:HVR_CIM_NODE } else { 'node' }
    $start.WorkingDirectory = $root
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    foreach ($argument in @('-r', 'tsx/cjs', 'test/emulators/cimCmdlets/lineServer.ts', $Env:HVR_CIM_SCENARIO)) {
        $start.ArgumentList.Add($argument)
    }
    [System.Diagnostics.Process]::Start($start)
}

function ConvertFrom-HostError {
    param([hashtable]$HostError)
    $exception = [Microsoft.Management.Infrastructure.CimException]::new($HostError['message'].Substring(1))
    $number = [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]$HostError['code']), 0)
    $exception.HResult = $number
    $category = [System.Management.Automation.ErrorCategory]$HostError['category']
    $carried = [pscustomobject]@{
        error_Code = [uint32]$HostError['code']; error_Type = 'HRESULT'; error_Category = [uint16]$category
    }
    Add-Member -InputObject $exception -NotePropertyName 'ErrorData' -NotePropertyValue $carried -Force
    $id = 'HRESULT 0x' + $number.ToString('x8')
    [System.Management.Automation.ErrorRecord]::new($exception, $id, $category, $null)
}

function ConvertFrom-HostValue {
    param([string]$Type, $Value)
    if ($null -eq $Value) { return $null }
    switch -CaseSensitive ($Type) {
        'string' { return $Value.Substring(1) }
        'boolean' { return [bool]$Value }
        'uint16' { return [uint16]$Value }
        'uint32' { return [uint32]$Value }
        'datetime' {
            $style = [System.Globalization.DateTimeStyles]::AssumeUniversal
            $invariant = [cultureinfo]::InvariantCulture
            return [datetime]::ParseExact($Value.Substring(0, 21), 'yyyyMMddHHmmss.ffffff', $invariant, $style)
        }
        'interval' { return [timespan]::FromMilliseconds([double]$Value) }
        'reference' { return ConvertFrom-HostInstance $Value }
        'string[]' { return , [string[]]@(foreach ($item in $Value) { $item.Substring(1) }) }
        'uint16[]' { return , [uint16[]]@($Value) }
    }
    throw 'The simulated host sent a type that is not known: ' + $Type
}

function ConvertFrom-HostInstance {
    param([hashtable]$Row)
    $properties = [System.Collections.Generic.List[object]]::new()
    $members = [ordered]@{}
    foreach ($sent in $Row['properties']) {
        $value = ConvertFrom-HostValue $sent['type'] $sent['value']
        $flags = if ($sent['isKey']) { 'Property, Key' } else { 'Property' }
        $properties.Add([pscustomobject]@{ Name = $sent['name']; Value = $value; Flags = $flags })
        $members[$sent['name']] = $value
    }
    $members['CimInstanceProperties'] = $properties.ToArray()
    $members['CimSystemProperties'] = [pscustomobject]@{
        ClassName = $Row['className']; Namespace = 'root/virtualization/v2'; ServerName = 'HV01'
    }
    [pscustomobject]$members
}

# What a reference or an embedded instance says about itself: class and keys.
function ConvertTo-HostReference {
    param($Instance)
    $keys = @{}
    foreach ($property in $Instance.CimInstanceProperties) {
        if ($property.Flags -match 'Key') { $keys[$property.Name] = [string]$property.Value }
    }
    @{ className = $Instance.CimSystemProperties.ClassName; keys = $keys }
}

function New-CimSessionOption {
    [CmdletBinding()]
    param([string]$Protocol, [switch]$UseSsl, [switch]$SkipCACheck, [switch]$SkipCNCheck, [switch]$SkipRevocationCheck)
    [pscustomobject]@{ Protocol = $Protocol; UseSsl = [bool]$UseSsl }
}

function New-CimSession {
    [CmdletBinding()]
    param(
        [string]$ComputerName, [pscredential]$Credential, [string]$Authentication, [string]$CertificateThumbprint,
        [uint32]$Port, $SessionOption, [uint32]$OperationTimeoutSec
    )
    Set-HostSeam
    $request = @{ operation = 'logOn' }
    if ($null -ne $Credential) {
        $request['user'] = $Credential.UserName
        $request['password'] = $Credential.GetNetworkCredential().Password
    }
    $answer = Send-HostRequest $request
    [pscustomobject]@{ ComputerName = $ComputerName; User = $answer['user'].Substring(1) }
}

function Remove-CimSession {
    [CmdletBinding()]
    param($CimSession)
}

function Get-CimInstance {
    [CmdletBinding()]
    param($CimSession, [string]$Namespace, [string]$ClassName, [string]$Filter, [string[]]$Property)
    if ($Namespace -eq 'root/cimv2' -and $ClassName -eq 'Win32_OperatingSystem') {
        $at = (Send-HostRequest @{ operation = 'time' })['at']
        return [pscustomobject]@{ LocalDateTime = (ConvertFrom-HostValue 'datetime' $at) }
    }
    if ($Namespace -ne 'root/virtualization/v2') { throw 'The simulated host has no namespace ' + $Namespace }
    if ($Filter -and $Filter -notmatch '\A(?<name>\w+) = ''(?<text>(?:[^''\\]|\\.)*)''\z') {
        throw 'The simulated host does not understand the filter ' + $Filter
    }
    if ($Filter) { $name = $Matches['name']; $text = $Matches['text'] -replace '\\(.)', '$1' }
    $answer = Send-HostRequest @{ operation = 'enumerate'; user = $CimSession.User; className = $ClassName }
    foreach ($row in $answer['rows']) {
        $instance = ConvertFrom-HostInstance $row
        if (-not $Filter -or $instance.$name -eq $text) { $instance }
    }
}

# The scripts define these too, and before: New-CimSession is the first that they call.
function Set-HostSeam {
    function global:Get-HvReplicaUtcNow {
        ConvertFrom-HostValue 'datetime' (Send-HostRequest @{ operation = 'time' })['at']
    }
    function global:New-HvReplicaKeyInstance {
        param([string]$ClassName, [System.Collections.IDictionary]$Keys)
        $properties = foreach ($name in $Keys.Keys) {
            @{ name = $name; type = 'string'; value = '=' + $Keys[$name]; isKey = $true }
        }
        ConvertFrom-HostInstance @{ className = $ClassName; properties = @($properties) }
    }
    function global:ConvertTo-HvReplicaEmbeddedText {
        param($Instance)
        $instanceId = [System.Security.SecurityElement]::Escape($Instance.InstanceID)
        '<INSTANCE CLASSNAME="' + $Instance.CimSystemProperties.ClassName + '"><PROPERTY NAME="InstanceID" TYPE="string">' +
        '<VALUE>' + $instanceId + '</VALUE></PROPERTY></INSTANCE>'
    }
    function global:Invoke-HvReplicaCimMethod {
        param($Session, $Target, [string]$Method, [System.Collections.IDictionary]$Parameters, [hashtable]$Sending)
        $sent = foreach ($name in $Parameters.Keys) {
            $type = $Parameters[$name]['type']
            $value = $Parameters[$name]['value']
            switch -CaseSensitive ($type) {
                'Reference' { $value = ConvertTo-HostReference $value }
                'DateTime' { $value = $value.ToUniversalTime().ToString('yyyyMMddHHmmss.ffffff', [cultureinfo]::InvariantCulture) + '+000' }
            }
            @{ name = $name; type = $type; value = $value }
        }
        $request = @{
            operation = 'invoke'; user = $Session.User; method = $Method
            target = (ConvertTo-HostReference $Target); parameters = @($sent)
        }
        $Sending['isSent'] = $true
        # As a method of .NET fails: the error of the CIM client within one of PowerShell's own.
        try { $answer = Send-HostRequest $request }
        catch { throw [System.Management.Automation.MethodInvocationException]::new('InvokeMethod', $_.Exception) }
        $output = @{}
        foreach ($parameter in $answer['output']) {
            $output[$parameter['name']] = ConvertFrom-HostValue $parameter['type'] $parameter['value']
        }
        @{ returnValue = [long]$answer['returnValue']; output = $output }
    }
}

Export-ModuleMember -Function @('New-CimSession', 'Remove-CimSession', 'New-CimSessionOption', 'Get-CimInstance')
