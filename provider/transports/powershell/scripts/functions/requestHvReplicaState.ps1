<#
Request-HvReplicaState: calls Msvm_ComputerSystem.RequestReplicationStateChangeEx, once.

Input:    { "vmId": string, a GUID; "link": 0 or 1; "requestedState": 3 (replicate), 7 (suspend) or 9 (cancel a resync) }
Output:   { "returnValue": number, "jobId"?: string, the InstanceID of the job }
Failures: as in replication.ps1; errors of the CIM client. isSent is true once the call was handed over.

Sources: "RequestReplicationStateChangeEx method of the Msvm_ComputerSystem class" (learn.microsoft.com): the relationship
is the text of an embedded instance; TimeoutPeriod is not used.
#>

function Request-HvReplicaState {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        param($request, $sending)
        $vmId = Get-HvReplicaVmId $request
        $link = Get-HvReplicaLink $request
        $requestedState = $request['requestedState']
        if (($requestedState -isnot [int] -and $requestedState -isnot [long]) -or @(3, 7, 9) -notcontains $requestedState) {
            throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The requested state must be 3, 7 or 9.')
        }
        $session = Get-HvReplicaCimSession
        $machine = Get-HvReplicaMachine $session $vmId
        $parameters = [ordered]@{
            ReplicationRelationship = @{ type = 'String'; value = (Get-HvReplicaRelationshipText $session $vmId $link) }
            RequestedState = @{ type = 'UInt16'; value = [uint16]$requestedState }
        }
        $result = Invoke-HvReplicaCimMethod $session $machine 'RequestReplicationStateChangeEx' $parameters $sending
        $answer = @{ returnValue = $result['returnValue'] }
        $jobId = Get-HvReplicaJobId $result['output']
        if ($null -ne $jobId) { $answer['jobId'] = $jobId }
        $answer
    }
}
