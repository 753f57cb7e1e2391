#
# The module that a constrained endpoint offers. install.ps1 makes its module file, HvReplica.psm1, out of the scripts of
# the package.
#
@{
    RootModule = 'HvReplica.psm1'
    ModuleVersion = '1.0.0'
    GUID = '6b0f4c9e-8a54-4a0d-9b0e-2f6d1c7a3e51'
    Author = 'pulumi-hyperv-replica'
    Description = 'Reads Hyper-V replication and resynchronizes it, for the transport powershell of pulumi-hyperv-replica.'
    PowerShellVersion = '5.1'
    # Loaded with this one, so that nothing depends on automatic loading in a constrained session.
    RequiredModules = @('CimCmdlets')
    FunctionsToExport = @(
        'Get-HvReplicaVersion'
        'Get-HvReplicaService'
        'Get-HvReplicaRows'
        'Get-HvReplicaHealth'
        'Start-HvReplicaResync'
        'Request-HvReplicaState'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
