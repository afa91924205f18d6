import { Bip39, EnglishMnemonic, Slip10, Slip10Curve, stringToPath } from '@cosmjs/crypto'
import { Keypair } from '@solana/web3.js'
import { testMnemonic } from './accounts.ts'

/** Who acts on the devnet's Solana. */
export type SolanaRole = 'trader' | 'relayer'

/** The accounts' addresses in base 58: they are the same on every devnet. */
export const SOLANA_ADDRESSES: Readonly<Record<SolanaRole, string>> = {
  trader: '3Th37ce9hmEbMGGKpBo7QvodiQHogZF853pc5HKiPasE',
  relayer: 'CPakvgLKN898dXXHSwQKAntqRPhzmM8MqzjXwFoRqGGa',
}

/** A PUBLIC test key on the path of Solana wallets. Throws unless `rpcUrl` is on this machine. */
export async function solanaKeypair(role: SolanaRole, rpcUrl: string): Promise<Keypair> {
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(testMnemonic(role, rpcUrl)))
  const { privkey } = Slip10.derivePath(Slip10Curve.Ed25519, seed, stringToPath("m/44'/501'/0'/0'"))
  return Keypair.fromSeed(Uint8Array.from(privkey))
}
