<#
Get-HvReplicaHealth: why the health of a relationship is what it is (GetReplicationStatisticsEx). ConvertFrom-HvReplicaErrorText
reads one issue.

Input:    { "vmId": string, a GUID; "link": 0 or 1 }
Output:   { "returnValue": number, "output": { "ReplicationHealthIssues": [ string ] } }: the property Message of each
          embedded Msvm_Error; none when the host answers with anything but 0.
Failures: as in replication.ps1; errors of the CIM client.

Sources: "GetReplicationStatisticsEx method of the Msvm_ReplicationService class", "Msvm_Error" (learn.microsoft.com);
the form of an embedded instance: DSP0201, element INSTANCE (dmtf.org).
#>

function Get-HvReplicaHealth {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        param($request)
        $vmId = Get-HvReplicaVmId $request
        $link = Get-HvReplicaLink $request
        $session = Get-HvReplicaCimSession
        $service = Get-HvReplicaServiceInstance $session
        $parameters = [ordered]@{
            ComputerSystem = @{ type = 'Reference'; value = (Get-HvReplicaMachine $session $vmId) }
            ReplicationRelationship = @{ type = 'String'; value = (Get-HvReplicaRelationshipText $session $vmId $link) }
        }
        # It changes nothing: whether it was sent does not matter.
        $result = Invoke-HvReplicaCimMethod $session $service 'GetReplicationStatisticsEx' $parameters @{}
        $messages = [System.Collections.Generic.List[object]]::new()
        if ($result['returnValue'] -eq 0) {
            foreach ($issue in @($result['output']['ReplicationHealthIssues'])) {
                $message = ConvertFrom-HvReplicaErrorText $issue
                if ($null -ne $message) { $messages.Add($message) }
            }
        }
        @{ returnValue = $result['returnValue']; output = @{ ReplicationHealthIssues = $messages.ToArray() } }
    }
}

# A text, or where the protocol has unpacked it already, an instance. Null when there is no message.
function ConvertFrom-HvReplicaErrorText {
    param($Issue)
    if ($null -eq $Issue) { return $null }
    if ($Issue -isnot [string]) {
        $property = $Issue.PSObject.Properties['Message']
        if ($null -eq $property -or $null -eq $property.Value) { return $null }
        return [string]$property.Value
    }
    $settings = [System.Xml.XmlReaderSettings]::new()
    $settings.DtdProcessing = [System.Xml.DtdProcessing]::Prohibit
    $settings.XmlResolver = $null
    # A control character in a localised message must not lose it.
    $settings.CheckCharacters = $false
    $document = [System.Xml.XmlDocument]::new()
    $document.XmlResolver = $null
    $reader = [System.Xml.XmlReader]::Create([System.IO.StringReader]::new($Issue), $settings)
    try { $document.Load($reader) }
    catch { return $Issue }
    finally { $reader.Dispose() }
    $node = $document.SelectSingleNode('(//INSTANCE)[1]/PROPERTY[@NAME="Message"]/VALUE')
    if ($null -eq $node) { return $null }
    $node.InnerText
}
