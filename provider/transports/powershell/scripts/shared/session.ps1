<#
What is open: a CIM session, or a PowerShell session to the host where the functions run; and the credential for it.

Get-HvReplicaCimSession, Assert-HvReplicaCimCmdlet, Close-HvReplicaSession, New-HvReplicaCredential, Get-HvReplicaKey,
ConvertFrom-HvReplicaSealed

Input:    of Get-HvReplicaKey: {}; for a credential "userName": string, and "sealedPassword": { "key": string, "iv": string,
          "data": string }, all base64: the UTF-8 password by AES-256 in CBC mode with PKCS #7 padding, and the key for that
          by RSA-OAEP with SHA-1 and the key that Get-HvReplicaKey gave last.
Output:   of Get-HvReplicaKey: { "modulus": string, "exponent": string }, big-endian numbers in base64. The private half
          never leaves the process, and opens one password.
          The CIM session. A function that is called without Connect-HvReplicaHost, as in a constrained endpoint, gets one
          to its own computer.
Failures: HvReplicaNoCimCmdlets: this is not Windows; HvReplicaBadRequest; errors of New-CimSession. Closing never fails.

Sources: RSACryptoServiceProvider.Decrypt, Aes.Create (learn.microsoft.com).
#>

# cim: the CIM session; isElsewhere: it leads to a remote host; remote: the PowerShell session, then cim is not used;
# key: the key that the next password is encrypted with.
$script:HvReplicaState = @{ isConnected = $false; cim = $null; isElsewhere = $false; remote = $null; key = $null }

function Get-HvReplicaCimSession {
    $state = $script:HvReplicaState
    if ($null -eq $state['cim']) { $state['cim'] = New-CimSession -ErrorAction Stop }
    $state['cim']
}

function Assert-HvReplicaCimCmdlet {
    if ($null -eq (Get-Command -Name 'New-CimSession' -ErrorAction SilentlyContinue)) {
        $message = 'This PowerShell has no CIM cmdlets.'
        throw (New-HvReplicaError 'HvReplicaNoCimCmdlets' 'NotInstalled' $message)
    }
}

function Close-HvReplicaSession {
    $state = $script:HvReplicaState
    $cim = $state['cim']
    $remote = $state['remote']
    $state['isConnected'] = $false
    $state['cim'] = $null
    $state['isElsewhere'] = $false
    $state['remote'] = $null
    try {
        if ($null -ne $cim) { $null = Remove-CimSession -CimSession $cim }
        if ($null -ne $remote) { $null = Remove-PSSession -Session $remote }
    }
    catch {
        # The connection was lost: then the session is closed.
        $null = $_
    }
}

# Null when the request names no user: then it is the account that runs this process.
function New-HvReplicaCredential {
    param([hashtable]$Request)
    if ($null -eq $Request['userName']) { return $null }
    if ($null -eq $Request['sealedPassword']) {
        throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'A user name was given without a password.')
    }
    $password = ConvertFrom-HvReplicaSealed $Request['sealedPassword']
    $secret = [System.Net.NetworkCredential]::new('', $password).SecurePassword
    [System.Management.Automation.PSCredential]::new([string]$Request['userName'], $secret)
}

function Get-HvReplicaKey {
    param([string]$Argument)
    Invoke-HvReplicaWork $Argument {
        $key = [System.Security.Cryptography.RSACryptoServiceProvider]::new(2048)
        $script:HvReplicaState['key'] = $key
        $public = $key.ExportParameters($false)
        @{
            modulus = [System.Convert]::ToBase64String($public.Modulus)
            exponent = [System.Convert]::ToBase64String($public.Exponent)
        }
    }
}

function ConvertFrom-HvReplicaSealed {
    param($Sealed)
    $key = $script:HvReplicaState['key']
    $script:HvReplicaState['key'] = $null
    if ($null -eq $key -or $Sealed -isnot [hashtable]) {
        throw (New-HvReplicaError 'HvReplicaBadRequest' 'InvalidArgument' 'There is no key for the encrypted password.')
    }
    $aes = [System.Security.Cryptography.Aes]::Create()
    try {
        $aes.Mode = [System.Security.Cryptography.CipherMode]::CBC
        $aes.Padding = [System.Security.Cryptography.PaddingMode]::PKCS7
        $aes.Key = $key.Decrypt([System.Convert]::FromBase64String($Sealed['key']), $true)
        $aes.IV = [System.Convert]::FromBase64String($Sealed['iv'])
        $data = [System.Convert]::FromBase64String($Sealed['data'])
        [System.Text.Encoding]::UTF8.GetString($aes.CreateDecryptor().TransformFinalBlock($data, 0, $data.Length))
    }
    finally {
        $aes.Dispose()
        $key.Dispose()
    }
}
