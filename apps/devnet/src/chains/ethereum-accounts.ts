import type { Hex, LocalAccount } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { testMnemonic } from './accounts.ts'

/** Who acts on the devnet's Ethereum. */
export type EthereumRole = 'trader' | 'relayer' | 'deployer'

/** The accounts' addresses, lower-case: they are the same on every devnet. */
export const ETHEREUM_ADDRESSES: Readonly<Record<EthereumRole, Hex>> = {
  trader: '0xfa4b5c4d03c2234f26edf4208190206c2f1992b5',
  relayer: '0x823d874bf433bcd7103426099e872f1e059b965a',
  deployer: '0xdf6e12a28fbf9cbf06317b077aca0171a9354f21',
}

/**
 * A PUBLIC test account on the path of Ethereum wallets, m/44'/60'/0'/0/n. Throws unless `rpcUrl` is on this
 * machine.
 */
export function ethereumAccount(role: EthereumRole, rpcUrl: string): LocalAccount {
  // The deployer is the relayer's second account: its nonces are its own, and name the contracts.
  const mnemonic = testMnemonic(role === 'trader' ? 'trader' : 'relayer', rpcUrl)
  return mnemonicToAccount(mnemonic, { addressIndex: role === 'deployer' ? 1 : 0 })
}
