<#
Decoding of arguments and encoding of replies.

ConvertFrom-HvReplicaBase64, ConvertFrom-HvReplicaJson, ConvertFrom-HvReplicaMarked, ConvertTo-HvReplicaReply,
Invoke-HvReplicaWork

Input:    base64 of the UTF-8 text of a JSON object. Texts arrive unchanged, whatever they look like.
Output:   base64 of the UTF-8 text of { "ok": true, "value": object } or
          { "ok": false, "error": { "message": string, "type": string, "hresult": string or null, "category": string,
          "errorId": string, "isSent": boolean } }.
Failures: text that is not base64, not UTF-8, not JSON or not an object: an error envelope with isSent false.
#>

function ConvertFrom-HvReplicaBase64 {
    param([string]$Text)
    $encoding = [System.Text.UTF8Encoding]::new($false, $true)
    $encoding.GetString([System.Convert]::FromBase64String($Text))
}

# PowerShell 7 turns every text that looks like an ISO 8601 date into a local DateTime, also a password; 5.1 does not.
# So every text, names included, gets a mark before it is parsed, and loses it afterwards.
function ConvertFrom-HvReplicaJson {
    param([string]$Json)
    $marked = [regex]::Replace($Json, '"([^"\\]*(?:\\.[^"\\]*)*)"', '"~$1"')
    $table = ConvertFrom-HvReplicaMarked (ConvertFrom-Json -InputObject $marked)
    if ($table -isnot [hashtable]) {
        throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidData' 'The request is not a JSON object.')
    }
    $table
}

function ConvertFrom-HvReplicaMarked {
    param($Value)
    if ($Value -is [string]) { return $Value.Substring(1) }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $table = @{}
        foreach ($property in $Value.PSObject.Properties) {
            $table[$property.Name.Substring(1)] = ConvertFrom-HvReplicaMarked $property.Value
        }
        return $table
    }
    if ($Value -is [array]) {
        $list = [System.Collections.Generic.List[object]]::new()
        foreach ($item in $Value) { $list.Add((ConvertFrom-HvReplicaMarked $item)) }
        return , $list.ToArray()
    }
    $Value
}

# The deepest reply is a key of a reference in a row: 8 levels. Below -Depth, values would become the names of their types.
function ConvertTo-HvReplicaReply {
    param($Reply)
    $json = ConvertTo-Json -InputObject $Reply -Depth 12 -Compress
    [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($json))
}

# Runs the body of a function that is called from outside. Strictness and the stop at the first error hold for the body
# and for all that it calls, and end with it.
function Invoke-HvReplicaWork {
    param([string]$Argument, [scriptblock]$Work)
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    $VerbosePreference = 'SilentlyContinue'
    $DebugPreference = 'SilentlyContinue'
    $InformationPreference = 'SilentlyContinue'
    $ProgressPreference = 'SilentlyContinue'
    $sending = @{ isSent = $false }
    try {
        $request = ConvertFrom-HvReplicaJson (ConvertFrom-HvReplicaBase64 $Argument)
        $value = & $Work $request $sending
        ConvertTo-HvReplicaReply @{ ok = $true; value = $value }
    }
    catch {
        $failure = $_
        try {
            $told = ConvertTo-HvReplicaError $failure $sending['isSent']
        }
        catch {
            # Whatever the error is: whether the call was sent must not get lost.
            $told = @{
                message = [string]$failure; type = 'System.Exception'; hresult = $null
                category = 'NotSpecified'; errorId = 'HvReplicaUnreadableError'; isSent = $sending['isSent']
            }
        }
        ConvertTo-HvReplicaReply @{ ok = $false; error = $told }
    }
}
