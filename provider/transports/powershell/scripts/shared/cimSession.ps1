<#
A CIM session to a remote host.

New-HvReplicaCimSession, Get-HvReplicaAuthentication, Get-HvReplicaTimeoutSeconds

Input:    { "way": "cim", "protocol": "wsman" or "dcom", "computerName": string, "port"?: number, "useSsl"?: boolean,
          "skipCertificateChecks"?: boolean, "authentication"?: "kerberos", "negotiate", "basic" or "certificate",
          "certificateThumbprint"?: string, "userName"?: string, "sealedPassword"?: session.ps1,
          "operationTimeoutSeconds": number above 0 }
Output:   the session. It has been tried: New-CimSession asks the other side before it answers.
Failures: HvReplicaBadRequest; errors of New-CimSession.

Sources: NewCimSessionCommand.cs, NewCimSessionOptionCommand.cs (PowerShell/PowerShell).
#>

function New-HvReplicaCimSession {
    param([hashtable]$Request)
    # A switch such as SkipCACheck takes effect by being named, even with the value false: so it is named only when intended.
    $option = @{}
    if ($Request['protocol'] -ceq 'dcom') { $option['Protocol'] = 'Dcom' }
    elseif ($Request['useSsl'] -eq $true) {
        $option['UseSsl'] = $true
        if ($Request['skipCertificateChecks'] -eq $true) {
            $option['SkipCACheck'] = $true
            $option['SkipCNCheck'] = $true
            $option['SkipRevocationCheck'] = $true
        }
    }
    else { $option['Protocol'] = 'Wsman' }
    # Without session options New-CimSession forgets the time limit.
    $session = @{
        ComputerName = [string]$Request['computerName']
        SessionOption = New-CimSessionOption @option
        OperationTimeoutSec = [uint32](Get-HvReplicaTimeoutSeconds $Request)
        ErrorAction = 'Stop'
    }
    if ($null -ne $Request['port']) { $session['Port'] = [uint32]$Request['port'] }
    $authentication = Get-HvReplicaAuthentication $Request
    if ($authentication -ceq 'Certificate') {
        $session['CertificateThumbprint'] = [string]$Request['certificateThumbprint']
    }
    else {
        # COM chooses between Kerberos and NTLM itself.
        if ($null -ne $authentication -and $Request['protocol'] -cne 'dcom') { $session['Authentication'] = $authentication }
        $credential = New-HvReplicaCredential $Request
        if ($null -ne $credential) { $session['Credential'] = $credential }
    }
    New-CimSession @session
}

# As the cmdlets name it; null when the request leaves it to them.
function Get-HvReplicaAuthentication {
    param([hashtable]$Request)
    switch -CaseSensitive ([string]$Request['authentication']) {
        '' { return $null }
        'kerberos' { return 'Kerberos' }
        'negotiate' { return 'Negotiate' }
        'basic' { return 'Basic' }
        'certificate' {
            if ($null -ne $Request['certificateThumbprint']) { return 'Certificate' }
            throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The thumbprint of the certificate is missing.')
        }
    }
    throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The kind of authentication is not known.')
}

# Whole seconds, and at least one: 0 would mean no limit.
function Get-HvReplicaTimeoutSeconds {
    param([hashtable]$Request)
    [int][System.Math]::Max(1, [System.Math]::Ceiling([double]$Request['operationTimeoutSeconds']))
}
