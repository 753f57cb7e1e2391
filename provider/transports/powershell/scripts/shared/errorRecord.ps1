<#
Errors: those of the scripts, and any error as an error envelope.

New-HvReplicaError, ConvertTo-HvReplicaError, Get-HvReplicaCause, Get-HvReplicaCauseRecord, Get-HvReplicaErrorNumber,
ConvertTo-HvReplicaHResult, Get-HvReplicaErrorProperty, Get-HvReplicaErrorCategory

Input:    an error record, and whether a changing call had been sent before.
Output:   { "message": string, localised; "type": string, full name of the .NET type of the cause;
          "hresult": string, unsigned decimal, or null; "category": string, a name of ErrorCategory;
          "errorId": string, the fully qualified error id; "isSent": boolean }.
          hresult is error_Code of a CimException, else ErrorCode of a remoting error, else the HRESULT of the innermost
          exception that has one that is not .NET's.
Failures: none.

Sources: CimException.cs, NativeErrorCode (PowerShell/MMI); CimWriteError.cs (PowerShell/PowerShell), which makes error id
and category of a CimException in the same way; PSRemotingTransportException.ErrorCode (learn.microsoft.com).
#>

function New-HvReplicaError {
    param([string]$Id, [string]$Category, [string]$Message, [int]$HResult)
    if ($HResult -eq 0) { $exception = [System.Exception]::new($Message) }
    else { $exception = [System.Runtime.InteropServices.COMException]::new($Message, $HResult) }
    $known = [System.Management.Automation.ErrorCategory]$Category
    [System.Management.Automation.ErrorRecord]::new($exception, $Id, $known, $null)
}

function ConvertTo-HvReplicaError {
    param($Record, [bool]$IsSent)
    $cause = Get-HvReplicaCause $Record.Exception
    $told = Get-HvReplicaCauseRecord $Record
    $errorId = [string]$told.FullyQualifiedErrorId
    $category = [string]$told.CategoryInfo.Category
    # A CimException out of InvokeMethod, not out of a cmdlet: it has not been unwrapped.
    $cimException = 'Microsoft.Management.Infrastructure.CimException'
    if ($category -eq 'NotSpecified' -and $cause.GetType().FullName -ceq $cimException) {
        $category = Get-HvReplicaErrorCategory $cause
        $errorId = [string]$cause.MessageId
        if ($errorId -eq '') { $errorId = 'MiClientApiError_' + [string]$cause.NativeErrorCode }
    }
    @{
        message = [string]$cause.Message
        type = $cause.GetType().FullName
        hresult = Get-HvReplicaErrorNumber $Record.Exception
        category = $category
        errorId = $errorId
        isSent = $IsSent
    }
}

# What PowerShell wraps an exception in carries no information.
function Get-HvReplicaCause {
    param($Exception)
    $around = @(
        'System.Management.Automation.MethodInvocationException'
        'System.Management.Automation.GetValueInvocationException'
        'System.Management.Automation.CmdletInvocationException'
        'System.Management.Automation.ActionPreferenceStopException'
        'System.Reflection.TargetInvocationException'
        'System.AggregateException'
    )
    $cause = $Exception
    while ($null -ne $cause.InnerException -and $around -contains $cause.GetType().FullName) {
        $cause = $cause.InnerException
    }
    $cause
}

# A method that was called threw: what it threw may have an error record of its own, as one from a remote host does.
function Get-HvReplicaCauseRecord {
    param($Record)
    $cause = Get-HvReplicaCause $Record.Exception
    if ([object]::ReferenceEquals($cause, $Record.Exception)) { return $Record }
    $carried = $cause.PSObject.Properties['ErrorRecord']
    if ($null -eq $carried -or $null -eq $carried.Value) { return $Record }
    $carried.Value
}

function Get-HvReplicaErrorNumber {
    param($Exception)
    $number = $null
    $cimNumber = $null
    # 0x8013xxxx only names a type of .NET, such as COR_E_INVALIDOPERATION around what remoting failed with. Source:
    # FACILITY_URT (0x13) in corerror.h (dotnet/runtime).
    $dotNet = 19
    for ($cause = $Exception; $null -ne $cause; $cause = $cause.InnerException) {
        $facility = ($cause.HResult -shr 16) -band 2047
        if ($cause.HResult -ne 0 -and $facility -ne $dotNet) { $number = [long]$cause.HResult }
        if ($cause -is [System.Management.Automation.Remoting.PSRemotingTransportException] -and $cause.ErrorCode -ne 0) {
            $number = ConvertTo-HvReplicaHResult $cause.ErrorCode 'WIN32'
        }
        $code = Get-HvReplicaErrorProperty $cause 'error_Code'
        if ($null -ne $code -and $code -ne 0) {
            $cimNumber = ConvertTo-HvReplicaHResult $code ([string](Get-HvReplicaErrorProperty $cause 'error_Type'))
        }
    }
    if ($null -ne $cimNumber) { $number = $cimNumber }
    if ($null -eq $number) { return $null }
    ($number -band 4294967295).ToString([System.Globalization.CultureInfo]::InvariantCulture)
}

# A code of Win32 or of the MI client (MI_Result) as the HRESULT that says the same; null when there is none. Sources:
# "MSFT_WmiError class", "MI_Result", learn.microsoft.com.
function ConvertTo-HvReplicaHResult {
    param([long]$Code, [string]$Type)
    if ($Code -lt 1 -or $Code -gt 65535) { return $Code }
    if ($Type -cne 'MI') { return 2147942400 -bor $Code }
    $same = @{ 1 = 2147749889; 2 = 2147749891; 3 = 2147749902; 4 = 2147749896; 5 = 2147749904; 6 = 2147749890 }
    $same[[int]$Code]
}

# A property of the CIM error (MSFT_WmiError) that a CimException may carry.
function Get-HvReplicaErrorProperty {
    param($Exception, [string]$Name)
    $carried = $Exception.PSObject.Properties['ErrorData']
    if ($null -eq $carried -or $null -eq $carried.Value) { return $null }
    $property = $carried.Value.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    $property.Value
}

function Get-HvReplicaErrorCategory {
    param($Exception)
    $number = Get-HvReplicaErrorProperty $Exception 'error_Category'
    # A provider may fill in a number that is not a category.
    if ($null -ne $number -and $number -ne 0) {
        if ([System.Enum]::IsDefined([System.Management.Automation.ErrorCategory], [int]$number)) {
            return [string][System.Management.Automation.ErrorCategory][int]$number
        }
    }
    switch ([string]$Exception.NativeErrorCode) {
        'AccessDenied' { return 'PermissionDenied' }
        'NotFound' { return 'ObjectNotFound' }
        'InvalidNamespace' { return 'MetadataError' }
        'InvalidClass' { return 'MetadataError' }
        'MethodNotFound' { return 'MetadataError' }
        'InvalidParameter' { return 'InvalidArgument' }
        'ServerLimitsExceeded' { return 'ResourceBusy' }
        'ServerIsShuttingDown' { return 'ResourceUnavailable' }
    }
    'NotSpecified'
}
