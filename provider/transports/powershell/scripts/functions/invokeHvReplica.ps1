<#
Invoke-HvReplica: the one command that Node sends, always as one line: Invoke-HvReplica '<base64>'.
Invoke-HvReplicaCommand finds the function; Send-HvReplicaCommand passes it on to the host.

Input:    base64 of { "id": 16 lower-case hexadecimal digits, "command": string, the name of a function,
          "argument": string, base64 of the argument of that function }
Output:   nothing returned; one line on standard output, <hvr:ID:BASE64:ID>, with the reply of the function.
Failures: an error envelope, under the id 0000000000000000 when the request's own cannot be read.
          HvReplicaUnknownCommand; HvReplicaNotConnected: Connect-HvReplicaHost comes first.
          HvReplicaSessionBroken: nothing was sent to the host. HvReplicaReplyLost, isSent true: whatever went wrong
          while a changing command was being sent, except CommandNotFoundException, which reached nothing.
#>

function Invoke-HvReplica {
    param([string]$Request)
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    $VerbosePreference = 'SilentlyContinue'
    $DebugPreference = 'SilentlyContinue'
    $InformationPreference = 'SilentlyContinue'
    $ProgressPreference = 'SilentlyContinue'
    $id = '0000000000000000'
    $sending = @{ isSent = $false }
    try {
        $envelope = ConvertFrom-HvReplicaJson (ConvertFrom-HvReplicaBase64 $Request)
        if ([string]$envelope['id'] -cnotmatch '\A[0-9a-f]{16}\z') {
            throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidData' 'The request has no id.')
        }
        $id = [string]$envelope['id']
        $reply = Invoke-HvReplicaCommand ([string]$envelope['command']) ([string]$envelope['argument']) $sending
    }
    catch {
        $reply = ConvertTo-HvReplicaReply @{ ok = $false; error = (ConvertTo-HvReplicaError $_ $sending['isSent']) }
    }
    [System.Console]::Out.WriteLine('<hvr:' + $id + ':' + $reply + ':' + $id + '>')
}

function Invoke-HvReplicaCommand {
    param([string]$Command, [string]$Argument, [hashtable]$Sending)
    $commands = @(
        'Get-HvReplicaKey', 'Connect-HvReplicaHost', 'Disconnect-HvReplicaHost', 'Get-HvReplicaVersion'
        'Get-HvReplicaService', 'Get-HvReplicaRows', 'Get-HvReplicaHealth', 'Start-HvReplicaResync', 'Request-HvReplicaState'
    )
    $alwaysHere = @('Get-HvReplicaKey', 'Connect-HvReplicaHost', 'Disconnect-HvReplicaHost')
    if ($commands -cnotcontains $Command) {
        throw (New-HvReplicaError 'HvReplicaUnknownCommand' 'InvalidArgument' 'The command is not known.')
    }
    $state = $script:HvReplicaState
    if ($alwaysHere -cnotcontains $Command) {
        if ($null -ne $state['remote']) { return Send-HvReplicaCommand $state['remote'] $Command $Argument $Sending }
        # Not this computer by mistake: a restarted process does not know which host was meant.
        if ($Command -cne 'Get-HvReplicaVersion' -and -not $state['isConnected']) {
            throw (New-HvReplicaError 'HvReplicaNotConnected' 'InvalidOperation' 'No host is connected.')
        }
    }
    switch -CaseSensitive ($Command) {
        'Get-HvReplicaKey' { return Get-HvReplicaKey $Argument }
        'Connect-HvReplicaHost' { return Connect-HvReplicaHost $Argument }
        'Disconnect-HvReplicaHost' { return Disconnect-HvReplicaHost $Argument }
        'Get-HvReplicaVersion' { return Get-HvReplicaVersion $Argument }
        'Get-HvReplicaService' { return Get-HvReplicaService $Argument }
        'Get-HvReplicaRows' { return Get-HvReplicaRows $Argument }
        'Get-HvReplicaHealth' { return Get-HvReplicaHealth $Argument }
        'Start-HvReplicaResync' { return Start-HvReplicaResync $Argument }
        'Request-HvReplicaState' { return Request-HvReplicaState $Argument }
    }
}

function Send-HvReplicaCommand {
    param($Session, [string]$Command, [string]$Argument, [hashtable]$Sending)
    if ([string]$Session.Runspace.RunspaceStateInfo.State -cne 'Opened') {
        $message = 'The session with the host was lost.'
        throw (New-HvReplicaError 'HvReplicaSessionBroken' 'ConnectionError' $message)
    }
    $isChange = @('Start-HvReplicaResync', 'Request-HvReplicaState') -ccontains $Command
    $Sending['isSent'] = $isChange
    try {
        Invoke-HvReplicaRemote $Session $Command $Argument
    }
    catch {
        $told = Get-HvReplicaCauseRecord $_
        if ($told.FullyQualifiedErrorId -ceq 'CommandNotFoundException') {
            $Sending['isSent'] = $false
            throw
        }
        if (-not $isChange) { throw }
        # A number from the connection to the host proves nothing about a call that was sent.
        throw (New-HvReplicaError 'HvReplicaReplyLost' 'ConnectionError' $told.Exception.Message)
    }
}
