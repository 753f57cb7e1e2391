<#
Get-HvReplicaRows: all instances of some classes, or those of one VM, which Get-HvReplicaRowInstance selects.
Get-HvReplicaRowShape holds the classes and their properties.

Input:    { "classes": [ string ], "vmId": string }, each class one of the five below; with "vmId", a GUID, only the instances
          of that VM, by their keys, where the class has the VM in its key.
Output:   { class: [ { property: value } ] }, values as in value.ps1; null for a property that the host does not have.
          A property that should hold a timestamp and holds an interval ("never changed", as CIM says it) is null.
Failures: HvReplicaBadRequest for any other class; errors of the CIM client.

Sources: the pages of the five classes (learn.microsoft.com); CIM_Job.TimeOfLastStateChange, CIM_Job.ScheduledStartTime.
#>

function Get-HvReplicaRowShape {
    @{
        Msvm_ComputerSystem = @('Name', 'ElementName', 'EnabledState', 'ReplicationMode')
        Msvm_ReplicationRelationship = @('InstanceID', 'ReplicationState', 'ReplicationHealth', 'LastReplicationTime')
        Msvm_ReplicationSettingData = @(
            'InstanceID', 'PrimaryHostSystem', 'RecoveryHostSystem', 'AutoResynchronizeEnabled'
            'AutoResynchronizeIntervalStart', 'AutoResynchronizeIntervalEnd', 'ReplicationProvider'
        )
        Msvm_ConcreteJob = @(
            'InstanceID', 'JobType', 'JobState', 'PercentComplete', 'ErrorCode', 'ErrorDescription'
            'StartTime', 'ScheduledStartTime', 'TimeOfLastStateChange'
        )
        Msvm_AffectedJobElement = @('AffectedElement', 'AffectingElement')
    }
}

function Get-HvReplicaRowInstance {
    param($Session, [string]$ClassName, [string]$VmId)
    $filters = @('')
    if ($VmId -ne '') {
        if ($ClassName -ceq 'Msvm_ComputerSystem') { $filters = @('Name = ' + (ConvertTo-HvReplicaWqlLiteral $VmId)) }
        elseif (@('Msvm_ReplicationRelationship', 'Msvm_ReplicationSettingData') -ccontains $ClassName) {
            $filters = @(foreach ($link in @(0, 1)) {
                'InstanceID = ' + (ConvertTo-HvReplicaWqlLiteral (Get-HvReplicaInstanceId $VmId $link))
            })
        }
    }
    foreach ($filter in $filters) { Get-HvReplicaInstance $Session $ClassName $filter }
}

function Get-HvReplicaRows {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        param($request)
        $shape = Get-HvReplicaRowShape
        $intervals = @('AutoResynchronizeIntervalStart', 'AutoResynchronizeIntervalEnd')
        $known = @($shape.Keys)
        $classes = @($request['classes'])
        foreach ($className in $classes) {
            if ($className -isnot [string] -or $known -cnotcontains $className) {
                throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'A class is not one of those that can be read.')
            }
        }
        $vmId = if ($request.ContainsKey('vmId')) { Get-HvReplicaVmId $request } else { '' }
        $session = Get-HvReplicaCimSession
        $answer = @{}
        foreach ($className in $classes) {
            $rows = [System.Collections.Generic.List[object]]::new()
            foreach ($instance in @(Get-HvReplicaRowInstance $session $className $vmId)) {
                $row = @{}
                $properties = $instance.PSObject.Properties
                foreach ($name in $shape[$className]) {
                    $row[$name] = $null
                    $property = $properties[$name]
                    if ($null -eq $property) { continue }
                    $value = $property.Value
                    # Most values need no call: it costs more than all the rest.
                    if ($null -eq $value -or $value -is [string] -or $value -is [uint16] -or $value -is [bool]) {
                        $row[$name] = $value
                    }
                    elseif ($value -isnot [timespan] -or $intervals -contains $name) {
                        $row[$name] = ConvertTo-HvReplicaValue $value
                    }
                }
                $rows.Add($row)
            }
            $answer[$className] = $rows.ToArray()
        }
        $answer
    }
}
