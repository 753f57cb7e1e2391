@{
    RootModule = 'HvReplicaCimCmdlets.psm1'
    ModuleVersion = '1.0.0'
    GUID = 'e9a7b1c4-1f0d-4a53-8c64-5b7f3f1e2a90'
    Author = 'pulumi-hyperv-replica'
    Description = 'CIM cmdlets on top of a simulated Hyper-V host, for tests.'
    PowerShellVersion = '7.0'
    FunctionsToExport = @('New-CimSession', 'Remove-CimSession', 'New-CimSessionOption', 'Get-CimInstance')
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
