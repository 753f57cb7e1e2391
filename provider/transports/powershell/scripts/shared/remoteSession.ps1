<#
A PowerShell session to the host where the functions run: a constrained endpoint, or a PowerShell behind SSH.

New-HvReplicaEndpointSession, New-HvReplicaSshSession, Import-HvReplicaScript, Invoke-HvReplicaRemote,
Read-HvReplicaHandshake

Input:    { "way": "endpoint", "computerName": string, "configurationName": string, "port"?: number, "useSsl"?: boolean,
          "skipCertificateChecks"?: boolean, "authentication"?: as for "cim", "certificateThumbprint"?: string,
          "userName"?: string, "sealedPassword"?: session.ps1, "operationTimeoutSeconds": number above 0 }
          { "way": "ssh", "hostName": string, "port"?: number, "userName"?: string, "keyFilePath"?: string,
          "subsystem"?: string, "scripts": string, the text of these files }
          With "subsystem" nothing is loaded there: the endpoint behind it has the module.
Output:   the session; of a call, the reply of the host, base64.
Failures: HvReplicaBadRequest; HvReplicaNeedsPowerShell7; HvReplicaUnexpectedReply; HvReplicaProtocolMismatch;
          CommandNotFoundException: the endpoint does not have the module; errors of remoting.

Sources: "New-PSSession", "New-PSSessionOption", "about_Language_Modes" (learn.microsoft.com): in NoLanguage mode commands
and parameters that come by the API run, script text does not.
#>

function New-HvReplicaEndpointSession {
    param([hashtable]$Request)
    $timeoutMs = 1000 * (Get-HvReplicaTimeoutSeconds $Request)
    # What was not closed properly counts against a quota of the host until it has been idle for ten minutes.
    $option = @{ OperationTimeout = $timeoutMs; OpenTimeout = $timeoutMs; IdleTimeout = 600000 }
    if ($Request['skipCertificateChecks'] -eq $true) {
        $option['SkipCACheck'] = $true
        $option['SkipCNCheck'] = $true
        $option['SkipRevocationCheck'] = $true
    }
    $session = @{
        ComputerName = [string]$Request['computerName']
        ConfigurationName = [string]$Request['configurationName']
        SessionOption = New-PSSessionOption @option
        ErrorAction = 'Stop'
    }
    if ($null -ne $Request['port']) { $session['Port'] = [int]$Request['port'] }
    if ($Request['useSsl'] -eq $true) { $session['UseSSL'] = $true }
    $authentication = Get-HvReplicaAuthentication $Request
    if ($authentication -ceq 'Certificate') {
        $session['CertificateThumbprint'] = [string]$Request['certificateThumbprint']
    }
    else {
        if ($null -ne $authentication) { $session['Authentication'] = $authentication }
        $credential = New-HvReplicaCredential $Request
        if ($null -ne $credential) { $session['Credential'] = $credential }
    }
    New-PSSession @session
}

function New-HvReplicaSshSession {
    param([hashtable]$Request)
    $version = $PSVersionTable.PSVersion
    if ($version.Major -lt 7) {
        $message = 'Windows PowerShell has no remoting over SSH: PowerShell 7 is needed.'
        throw (New-HvReplicaError 'HvReplicaNeedsPowerShell7' 'NotInstalled' $message)
    }
    $session = @{ HostName = [string]$Request['hostName']; ErrorAction = 'Stop' }
    if ($null -ne $Request['port']) { $session['Port'] = [int]$Request['port'] }
    if ($null -ne $Request['userName']) { $session['UserName'] = [string]$Request['userName'] }
    if ($null -ne $Request['keyFilePath']) { $session['KeyFilePath'] = [string]$Request['keyFilePath'] }
    if ($null -ne $Request['subsystem']) { $session['Subsystem'] = [string]$Request['subsystem'] }
    # There is no prompt: ssh must not ask anything. The parameter exists since 7.3.
    if ($version.Major -gt 7 -or $version.Minor -ge 3) {
        # A lost network ends the session within two minutes, even when no process is left to kill this one.
        $session['Options'] = @{
            BatchMode = 'yes'; ConnectTimeout = '30'; ServerAliveInterval = '30'; ServerAliveCountMax = '3'
        }
    }
    New-PSSession @session
}

function Import-HvReplicaScript {
    param($Session, [string]$Scripts)
    $shell = [System.Management.Automation.PowerShell]::Create()
    try {
        $shell.Runspace = $Session.Runspace
        $null = $shell.AddScript($Scripts, $false)
        $null = $shell.Invoke()
        if ($shell.HadErrors) {
            $message = 'The functions could not be loaded on the host.'
            throw (New-HvReplicaError 'HvReplicaUnexpectedReply' 'InvalidResult' $message)
        }
    }
    finally {
        $shell.Dispose()
    }
}

function Invoke-HvReplicaRemote {
    param($Session, [string]$Command, [string]$Argument)
    $shell = [System.Management.Automation.PowerShell]::Create()
    try {
        $shell.Runspace = $Session.Runspace
        $null = $shell.AddCommand($Command).AddParameter('Argument', $Argument)
        $replies = @($shell.Invoke())
        if ($replies.Count -ne 1 -or [string]$replies[0] -cnotmatch '\A[A-Za-z0-9+/]+={0,2}\z') {
            $message = 'The host did not return exactly one reply.'
            throw (New-HvReplicaError 'HvReplicaUnexpectedReply' 'InvalidResult' $message)
        }
        [string]$replies[0]
    }
    finally {
        $shell.Dispose()
    }
}

# "{}" in base64 is the argument.
function Read-HvReplicaHandshake {
    param($Session)
    $text = Invoke-HvReplicaRemote $Session 'Get-HvReplicaVersion' 'e30='
    $reply = ConvertFrom-HvReplicaJson (ConvertFrom-HvReplicaBase64 $text)
    if ($reply['ok'] -ne $true -or $reply['value'] -isnot [hashtable]) {
        $message = 'The host could not report its version.'
        throw (New-HvReplicaError 'HvReplicaUnexpectedReply' 'InvalidResult' $message)
    }
    $theirs = [string]$reply['value']['protocol']
    $ours = [string](Get-HvReplicaHandshake)['protocol']
    if ($theirs -cne $ours) {
        $message = 'The module on the host uses protocol ' + $theirs + ', this package ' + $ours + '.'
        throw (New-HvReplicaError 'HvReplicaProtocolMismatch' 'ProtocolError' $message)
    }
    $reply['value']
}
