<#
CIM: reading instances, and the one place from which methods are called.

Get-HvReplicaInstance, ConvertTo-HvReplicaWqlLiteral, New-HvReplicaKeyInstance, ConvertTo-HvReplicaEmbeddedText,
Invoke-HvReplicaCimMethod, Get-HvReplicaJobId

Input:    a CIM session; names of classes and methods from these scripts; texts only through ConvertTo-HvReplicaWqlLiteral.
          Parameters of a method: an ordered table of { type: a name of CimType; value: not null }. A parameter without a
          value is left out, never sent as null.
Output:   instances as the CIM client gives them; of a method { returnValue: number; output: table of out parameters }.
Failures: errors of the CIM client. sending.isSent becomes true at the last moment before the method call, never earlier.

Sources: CimSession.cs, CimMethodParameter.cs, CimProperty.cs, Serialization/CimSerializer.cs (PowerShell/MMI). Why
not Invoke-CimMethod: it guesses the types of parameters, CimInvokeCimMethod.cs (PowerShell/PowerShell). WQL literals:
"WQL (SQL for WMI)", learn.microsoft.com.
#>

function Get-HvReplicaInstance {
    param($Session, [string]$ClassName, [string]$Filter)
    $query = @{
        CimSession = $Session
        Namespace = 'root/virtualization/v2'
        ClassName = $ClassName
        ErrorAction = 'Stop'
    }
    if ($Filter -ne '') { $query['Filter'] = $Filter }
    Get-CimInstance @query
}

function ConvertTo-HvReplicaWqlLiteral {
    param([string]$Text)
    '''' + $Text.Replace('\', '\\').Replace('''', '\''') + ''''
}

# An instance of which only the keys, all of them texts, are known: the host decides what it is worth.
function New-HvReplicaKeyInstance {
    param([string]$ClassName, [System.Collections.IDictionary]$Keys)
    $instance = [Microsoft.Management.Infrastructure.CimInstance]::new($ClassName, 'root/virtualization/v2')
    $type = [Microsoft.Management.Infrastructure.CimType]::String
    $flags = [Microsoft.Management.Infrastructure.CimFlags]::Key
    foreach ($name in $Keys.Keys) {
        $property = [Microsoft.Management.Infrastructure.CimProperty]::Create($name, $Keys[$name], $type, $flags)
        $instance.CimInstanceProperties.Add($property)
    }
    $instance
}

# The bytes are UTF-16.
function ConvertTo-HvReplicaEmbeddedText {
    param($Instance)
    $serializer = [Microsoft.Management.Infrastructure.Serialization.CimSerializer]::Create()
    try {
        $options = [Microsoft.Management.Infrastructure.Serialization.InstanceSerializationOptions]::None
        [System.Text.Encoding]::Unicode.GetString($serializer.Serialize($Instance, $options))
    }
    finally {
        $serializer.Dispose()
    }
}

function Invoke-HvReplicaCimMethod {
    param($Session, $Target, [string]$Method, [System.Collections.IDictionary]$Parameters, [hashtable]$Sending)
    $collection = [Microsoft.Management.Infrastructure.CimMethodParametersCollection]::new()
    $flags = [Microsoft.Management.Infrastructure.CimFlags]::In
    foreach ($name in $Parameters.Keys) {
        $type = [Microsoft.Management.Infrastructure.CimType]$Parameters[$name]['type']
        # Bare: a value that PowerShell has wrapped fits no CIM type.
        $value = $Parameters[$name]['value'].PSObject.BaseObject
        $collection.Add([Microsoft.Management.Infrastructure.CimMethodParameter]::Create($name, $value, $type, $flags))
    }
    $Sending['isSent'] = $true
    $result = $Session.InvokeMethod('root/virtualization/v2', $Target, $Method, $collection)
    if ($null -eq $result -or $null -eq $result.ReturnValue -or $null -eq $result.ReturnValue.Value) {
        throw (New-HvReplicaError 'HvReplicaUnexpectedReply' 'InvalidResult' 'The method call returned no result.')
    }
    $output = @{}
    foreach ($parameter in $result.OutParameters) { $output[$parameter.Name] = $parameter.Value }
    @{ returnValue = [long]$result.ReturnValue.Value; output = $output }
}

# The key of the job that an out parameter refers to; null when there is none.
function Get-HvReplicaJobId {
    param([hashtable]$Output)
    $job = $Output['Job']
    if ($null -eq $job) { return $null }
    $property = $job.PSObject.Properties['InstanceID']
    if ($null -eq $property -or $null -eq $property.Value) { return $null }
    [string]$property.Value
}
