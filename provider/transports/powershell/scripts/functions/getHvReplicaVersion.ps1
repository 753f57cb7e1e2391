<#
Get-HvReplicaVersion: what this side is. Get-HvReplicaHandshake holds the number of the protocol, which changes whenever
an older side could not go on with a newer one.

Input:    {}
Output:   { "protocol": 1, "psVersion": string such as "7.6.5", "computerName": string }
Failures: none.
#>

function Get-HvReplicaVersion {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument { Get-HvReplicaHandshake }
}

function Get-HvReplicaHandshake {
    @{
        protocol = 1
        psVersion = $PSVersionTable.PSVersion.ToString()
        computerName = [System.Environment]::MachineName
    }
}
