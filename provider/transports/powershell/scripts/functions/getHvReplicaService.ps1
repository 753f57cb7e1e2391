<#
Get-HvReplicaService: the replication service, and the host's own clock, which Get-HvReplicaHostTime reads.

Input:    {}
Output:   { "rows": [ { "SystemName": string } ], "at": "2030-01-07T12:00:00.000Z" }. No row while the management service
          is stopped. Through a CIM session to a remote host, "at" is Win32_OperatingSystem.LocalDateTime, and the clock
          of this computer when that cannot be read.
Failures: errors of the CIM client.

Sources: Msvm_ReplicationService, Win32_OperatingSystem (learn.microsoft.com).
#>

function Get-HvReplicaService {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        $session = Get-HvReplicaCimSession
        $rows = [System.Collections.Generic.List[object]]::new()
        foreach ($instance in @(Get-HvReplicaInstance $session 'Msvm_ReplicationService')) {
            $rows.Add(@{ SystemName = [string]$instance.SystemName })
        }
        $isElsewhere = $script:HvReplicaState['isElsewhere']
        @{ rows = $rows.ToArray(); at = (ConvertTo-HvReplicaIsoTime (Get-HvReplicaHostTime $session $isElsewhere)) }
    }
}

function Get-HvReplicaHostTime {
    param($Session, [bool]$IsElsewhere)
    if (-not $IsElsewhere) { return Get-HvReplicaUtcNow }
    try {
        $query = @{
            CimSession = $Session
            Namespace = 'root/cimv2'
            ClassName = 'Win32_OperatingSystem'
            Property = 'LocalDateTime'
            ErrorAction = 'Stop'
        }
        $systems = @(Get-CimInstance @query)
        return [datetime]$systems[0].LocalDateTime
    }
    catch {
        # An account may do everything in the namespace of Hyper-V and nothing in this one.
        return Get-HvReplicaUtcNow
    }
}
