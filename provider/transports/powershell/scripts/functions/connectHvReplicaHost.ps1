<#
Connect-HvReplicaHost: connects to a host, and closes the connection that was open before. Disconnect-HvReplicaHost only
closes it.

Input:    of Disconnect-HvReplicaHost {}; of Connect-HvReplicaHost { "way": "local" }: the computer that PowerShell runs on. "cim": cimSession.ps1. "endpoint" and "ssh": remoteSession.ps1.
Output:   { "protocol": 1, "psVersion": string, "computerName": string }: of the side where the other functions then run,
          which for "local" and "cim" is this one. Of Disconnect-HvReplicaHost {}.
Failures: those of the two files and of session.ps1; HvReplicaBadRequest for any other way. Then nothing is open.
#>

function Connect-HvReplicaHost {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        param($request)
        Close-HvReplicaSession
        $state = $script:HvReplicaState
        $handshake = Get-HvReplicaHandshake
        try {
            switch -CaseSensitive ([string]$request['way']) {
                'local' {
                    Assert-HvReplicaCimCmdlet
                    $null = Get-HvReplicaCimSession
                    break
                }
                'cim' {
                    Assert-HvReplicaCimCmdlet
                    $state['cim'] = New-HvReplicaCimSession $request
                    $state['isElsewhere'] = $true
                    break
                }
                'endpoint' {
                    $state['remote'] = New-HvReplicaEndpointSession $request
                    $handshake = Read-HvReplicaHandshake $state['remote']
                    break
                }
                'ssh' {
                    $state['remote'] = New-HvReplicaSshSession $request
                    if ($null -eq $request['subsystem']) {
                        Import-HvReplicaScript $state['remote'] ([string]$request['scripts'])
                    }
                    $handshake = Read-HvReplicaHandshake $state['remote']
                    break
                }
                default {
                    throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The request does not say how to connect to the host.')
                }
            }
        }
        catch {
            Close-HvReplicaSession
            throw
        }
        $state['isConnected'] = $true
        $handshake
    }
}

function Disconnect-HvReplicaHost {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        Close-HvReplicaSession
        @{}
    }
}
