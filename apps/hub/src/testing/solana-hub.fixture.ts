// A hub whose validators attest and vote, and which lists tokens of a Solana cluster beside Ethereum's
// dollars.
import { NATIVE_MINT } from '@solana/spl-token'
import type { PublicKey } from '@solana/web3.js'
import type { LatticeXof } from '@causeway/light-clients'
import { attestingValidators, bls, signersOf } from '../modules/attestation/attested-hub.fixture.ts'
import { EthereumBridge, USDC } from './ethereum-bridge.fixture.ts'
import type { SolanaChain } from './solana-chain.fixture.ts'
import { genesisValidator, operatorOf } from './staked-hub.fixture.ts'
import { Wallet } from './wallet.fixture.ts'

const validators = attestingValidators([10n, 10n, 10n, 10n])
const wallets = ['relayer', 'trader', 'stranger'].map((name) => new Wallet(name))

/** Who votes: the validators' operators. Accounts are numbered in the order of the ledger's genesis. */
export function operators(): Wallet[] {
  return validators.map(({ name }, i) => {
    const wallet = operatorOf(name)
    wallet.accountNumber = BigInt(wallets.length + 1 + i)
    return wallet
  })
}

/** A hub that attests, with dollars and SOL of the cluster listed beside Ethereum's dollars. */
export function solanaHub(
  chain: SolanaChain,
  mint: PublicKey,
  { isOpen = false, ...overrides }: { isOpen?: boolean; latticeXof?: LatticeXof } = {},
): EthereumBridge {
  const creator = wallets[0]!.address
  const there = {
    creator,
    clientType: 'solana' as const,
    chainId: chain.chainId,
    contract: chain.core.toBase58(),
  }
  const contract = `0x${'ab'.repeat(20)}`
  const weights = { initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }
  return new EthereumBridge({
    isOpen,
    hub: {
      bls,
      attestationSigners: signersOf(validators),
      ...overrides,
      priceSource: (_, publishTimeSeconds) => [
        { asset: 2n, priceE9: 1_000_000_000n, publishTimeSeconds },
        { asset: 3n, priceE9: 150_000_000_000n, publishTimeSeconds },
      ],
    },
    genesis: {
      assets: [
        { denom: 'usd', decimals: 6, symbol: 'USD', ...weights },
        { denom: 'sol', decimals: 9, symbol: 'SOL', ...weights },
      ],
      listings: [
        { creator, clientType: 'ethereum', chainId: 'eip155:31337', contract, base: USDC, asset: 'usd' },
        { ...there, base: mint.toBase58(), asset: 'usd' },
        { ...there, base: NATIVE_MINT.toBase58(), asset: 'sol' },
      ],
      balances: [...wallets, ...operators()].map(({ address: holder }) => ({
        ...{ holder, denom: 'ucway', amount: 1_000_000_000n },
      })),
      stake: {
        governance: { votingSeconds: 20n, timelockSeconds: 10n, deposit: 10_000_000n },
        validators: validators.map(({ name, publicKey, power }) => genesisValidator(name, publicKey, power)),
      },
    },
  })
}
