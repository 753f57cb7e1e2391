<#
The instances that a method of Hyper-V replication is called on or with, and checks of what a request names.

Get-HvReplicaVmId, Get-HvReplicaLink, Get-HvReplicaServiceInstance, Get-HvReplicaMachine, Get-HvReplicaInstanceId,
Get-HvReplicaRelationshipText

Input:    "vmId": string, a GUID; "link": 0 (to the replica) or 1 (to the extended replica).
Output:   instances; a relationship as the text of an embedded instance. What is not found, or not visible for lack of rights,
          is named by its keys alone: whether that is an error is the host's to say.
Failures: HvReplicaBadRequest; HvReplicaServiceNotFound with WBEM_E_NOT_FOUND (0x80041002): the management service of
          Hyper-V is not running; errors of the CIM client.

Sources: keys of Msvm_ComputerSystem, Msvm_ReplicationRelationship and Msvm_ReplicationService (learn.microsoft.com);
"WMI Error Constants" (learn.microsoft.com).
#>

function Get-HvReplicaVmId {
    param([hashtable]$Request)
    $vmId = [string]$Request['vmId']
    if ($vmId -notmatch '\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\z') {
        throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The id of the VM is not a GUID.')
    }
    $vmId.ToUpperInvariant()
}

function Get-HvReplicaLink {
    param([hashtable]$Request)
    $link = $Request['link']
    if (($link -isnot [int] -and $link -isnot [long]) -or @(0, 1) -notcontains $link) {
        throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'The relationship is neither 0 nor 1.')
    }
    [int]$link
}

function Get-HvReplicaServiceInstance {
    param($Session)
    $services = @(Get-HvReplicaInstance $Session 'Msvm_ReplicationService')
    if ($services.Count -eq 0) {
        $message = 'There is no instance of Msvm_ReplicationService.'
        throw (New-HvReplicaError 'HvReplicaServiceNotFound' 'ObjectNotFound' $message -2147217406)
    }
    $services[0]
}

function Get-HvReplicaMachine {
    param($Session, [string]$VmId)
    $filter = 'Name = ' + (ConvertTo-HvReplicaWqlLiteral $VmId)
    $machines = @(Get-HvReplicaInstance $Session 'Msvm_ComputerSystem' $filter)
    if ($machines.Count -gt 0) { return $machines[0] }
    New-HvReplicaKeyInstance 'Msvm_ComputerSystem' ([ordered]@{ CreationClassName = 'Msvm_ComputerSystem'; Name = $VmId })
}

function Get-HvReplicaInstanceId {
    param([string]$VmId, [int]$Link)
    'Microsoft:' + $VmId + '\HVR\' + [string]$Link
}

function Get-HvReplicaRelationshipText {
    param($Session, [string]$VmId, [int]$Link)
    $instanceId = Get-HvReplicaInstanceId $VmId $Link
    $filter = 'InstanceID = ' + (ConvertTo-HvReplicaWqlLiteral $instanceId)
    $relationships = @(Get-HvReplicaInstance $Session 'Msvm_ReplicationRelationship' $filter)
    if ($relationships.Count -gt 0) { return ConvertTo-HvReplicaEmbeddedText $relationships[0] }
    $named = New-HvReplicaKeyInstance 'Msvm_ReplicationRelationship' @{ InstanceID = $instanceId }
    ConvertTo-HvReplicaEmbeddedText $named
}
