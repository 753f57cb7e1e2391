<#
Start-HvReplicaResync: calls Msvm_ReplicationService.Resynchronize, once. ConvertFrom-HvReplicaCimTime reads the time.

Input:    { "vmId": string, a GUID; "startTime"?: CIM datetime text "20300108010203.000000+000" }
Output:   { "returnValue": number, "jobId"?: string, the InstanceID of the job }
Failures: as in replication.ps1; errors of the CIM client. isSent is true once the call was handed over.

Sources: "Resynchronize method of the Msvm_ReplicationService class" (learn.microsoft.com); "CIM_DATETIME"
(learn.microsoft.com): the offset is in minutes.
#>

function Start-HvReplicaResync {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        param($request, $sending)
        $vmId = Get-HvReplicaVmId $request
        $parameters = [ordered]@{}
        if ($null -ne $request['startTime']) {
            $startTime = ConvertFrom-HvReplicaCimTime ([string]$request['startTime'])
            $parameters['StartTime'] = @{ type = 'DateTime'; value = $startTime }
        }
        $session = Get-HvReplicaCimSession
        $service = Get-HvReplicaServiceInstance $session
        $parameters['ComputerSystem'] = @{ type = 'Reference'; value = (Get-HvReplicaMachine $session $vmId) }
        $result = Invoke-HvReplicaCimMethod $session $service 'Resynchronize' $parameters $sending
        $answer = @{ returnValue = $result['returnValue'] }
        $jobId = Get-HvReplicaJobId $result['output']
        if ($null -ne $jobId) { $answer['jobId'] = $jobId }
        $answer
    }
}

function ConvertFrom-HvReplicaCimTime {
    param([string]$Text)
    if ($Text -cnotmatch '\A[0-9]{14}\.[0-9]{6}[+-][0-9]{3}\z') {
        throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The start time is not a CIM datetime.')
    }
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $none = [System.Globalization.DateTimeStyles]::None
    $digits = [System.DateTime]::ParseExact($Text.Substring(0, 21), 'yyyyMMddHHmmss.ffffff', $invariant, $none)
    $offsetMinutes = [int]::Parse($Text.Substring(21), $invariant)
    [System.DateTime]::SpecifyKind($digits.AddMinutes(-$offsetMinutes), [System.DateTimeKind]::Utc)
}
