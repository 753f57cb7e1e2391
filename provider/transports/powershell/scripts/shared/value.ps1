<#
Values of CIM as JSON can carry them.

ConvertTo-HvReplicaValue, ConvertTo-HvReplicaMoment, ConvertTo-HvReplicaIsoTime, ConvertTo-HvReplicaReference,
Get-HvReplicaUtcNow

Input:    the value of a property as the CIM client of .NET gives it, null included.
Output:   null, boolean, string: as they are; a number of up to 32 bits: number; of 64 bits: string, decimal;
          a timestamp: { "dateTime": "2030-01-07T12:00:00.000Z" }, UTC, or null for the year 1601 and before ("never");
          an interval: { "intervalMs": number }; a reference: { "className": string, "keys": { name: string } };
          an array: array, also of one element and of none.
Failures: none.

Sources: MI_Datetime.cs (PowerShell/MMI): a timestamp is a DateTime in local time, an interval a TimeSpan.
#>

function ConvertTo-HvReplicaValue {
    param($Value)
    if ($null -eq $Value -or $Value -is [string] -or $Value -is [bool]) { return $Value }
    if ($Value -is [datetime]) { return ConvertTo-HvReplicaMoment $Value }
    if ($Value -is [timespan]) { return @{ intervalMs = [long][System.Math]::Floor($Value.TotalMilliseconds) } }
    if ($Value -is [uint64] -or $Value -is [int64]) {
        return $Value.ToString([System.Globalization.CultureInfo]::InvariantCulture)
    }
    if ($Value -is [array]) {
        $list = [System.Collections.Generic.List[object]]::new()
        foreach ($item in $Value) { $list.Add((ConvertTo-HvReplicaValue $item)) }
        return , $list.ToArray()
    }
    if ($null -ne $Value.PSObject.Properties['CimSystemProperties']) { return ConvertTo-HvReplicaReference $Value }
    $Value
}

function ConvertTo-HvReplicaMoment {
    param([datetime]$Moment)
    if ($Moment.ToUniversalTime().Year -le 1601) { return $null }
    @{ dateTime = (ConvertTo-HvReplicaIsoTime $Moment) }
}

function ConvertTo-HvReplicaIsoTime {
    param([datetime]$Moment)
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $Moment.ToUniversalTime().ToString('yyyy-MM-dd\THH:mm:ss.fff\Z', $invariant)
}

# A reference is an instance that holds its keys and nothing else. Not every protocol flags them as keys.
function ConvertTo-HvReplicaReference {
    param($Instance)
    $keys = @{}
    $all = @{}
    foreach ($property in $Instance.CimInstanceProperties) {
        if ($null -eq $property.Value) { continue }
        $all[$property.Name] = [string]$property.Value
        if (([string]$property.Flags) -match '\bKey\b') { $keys[$property.Name] = [string]$property.Value }
    }
    if ($keys.Count -eq 0) { $keys = $all }
    @{ className = [string]$Instance.CimSystemProperties.ClassName; keys = $keys }
}

# The clock of this computer; a test replaces it.
function Get-HvReplicaUtcNow {
    [System.DateTime]::UtcNow
}
