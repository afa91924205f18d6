// What a client, or the command line, needs to act on a running devnet: `client.json` and the keys it names.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ClientConfig, CollateralChain, ConfiguredKey } from '@causeway/client'
import { Bip39, EnglishMnemonic, Slip10, Slip10Curve, stringToPath } from '@cosmjs/crypto'
import { testMnemonic } from '../chains/accounts.ts'
import { CLIENTS, ETH, ETHEREUM, HUB, SOL, SOLANA, SOLANA_DOLLAR, USDC, USDZ, ZONE } from '../chains/facts.ts'

/** Where the parts of a devnet are. */
export interface DevnetUrls {
  readonly hubRpcUrl: string
  readonly zoneRpcUrl: string
  readonly ethereumRpcUrl: string
  readonly solanaRpcUrl: string
  readonly graphqlUrl: string
}

/** A file that is there while the devnet runs. */
export interface ClientFile {
  readonly path: string
  /** Deletes it, unless another devnet has written its own there. */
  remove(): void
}

const { Secp256k1, Ed25519 } = Slip10Curve
/** BIP-44 paths of the trader's wallets. */
const WALLETS = [
  { name: 'trader', kind: 'evm', curve: Secp256k1, path: "m/44'/60'/0'/0/0" },
  { name: 'trader-cosmos', kind: 'cosmos', curve: Secp256k1, path: "m/44'/118'/0'/0/0" },
  { name: 'trader-solana', kind: 'solana', curve: Ed25519, path: "m/44'/501'/0'/0'" },
] as const

/**
 * Writes `client.json` into `base` and the trader's PUBLIC test keys into the folder `keys`, which belongs to
 * the run; each key alone in a file that nobody else may read.
 */
export async function writeClientFile(base: string, keys: string, urls: DevnetUrls): Promise<ClientFile> {
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(testMnemonic('trader', urls.hubRpcUrl)))
  const named = WALLETS.map(({ name, kind, curve, path }): ConfiguredKey => {
    const file = join(keys, `${name}.key`)
    const { privkey } = Slip10.derivePath(curve, seed, stringToPath(path))
    writeFileSync(file, `${Buffer.from(privkey).toString('hex')}\n`, { mode: 0o600 })
    return { name, kind, privateKeyFile: relative(base, file) }
  })
  const config: ClientConfig = {
    rpc: urls.hubRpcUrl,
    chainId: HUB.chainId,
    graphql: urls.graphqlUrl,
    chains: chains(urls),
    keys: named,
  }
  const text = `${JSON.stringify({ version: 1, ...config }, null, 2)}\n`
  const path = join(base, 'client.json')
  writeFileSync(path, text)
  return { path, remove: () => removeOwn(path, text) }
}

function chains({ zoneRpcUrl, ethereumRpcUrl, solanaRpcUrl }: DevnetUrls): CollateralChain[] {
  const { core, vault, usdc, wrappedEther } = ETHEREUM.contracts
  const { prefix, gasPrice, feeDenom } = ZONE
  return [
    {
      ...{ kind: 'evm', id: ETHEREUM.chainId, rpc: ethereumRpcUrl, vault, core },
      ...{ client: CLIENTS.hubOnEthereum, hubClient: CLIENTS.ethereumOnHub },
      tokens: [
        {
          ...{ symbol: USDC.symbol, address: usdc, decimals: USDC.decimals },
          permit: { name: 'USD Coin', version: '1' },
        },
        { symbol: ETH.symbol, address: wrappedEther, decimals: ETH.decimals, native: true },
      ],
    },
    {
      ...{ kind: 'cosmos', id: ZONE.chainId, rpc: zoneRpcUrl, prefix, gasPrice: `${gasPrice}${feeDenom}` },
      ...{ client: CLIENTS.hubOnZone, hubClient: CLIENTS.zoneOnHub },
      tokens: [{ symbol: USDZ.symbol, denom: USDZ.base, decimals: USDZ.decimals }],
    },
    {
      ...{ kind: 'solana', id: SOLANA.chainId, rpc: solanaRpcUrl },
      ...{ vault: SOLANA.programs.vault, core: SOLANA.programs.core },
      ...{ client: CLIENTS.hubOnSolana, hubClient: CLIENTS.solanaOnHub },
      tokens: [
        { symbol: SOLANA_DOLLAR.symbol, mint: SOLANA_DOLLAR.base, decimals: SOLANA_DOLLAR.decimals },
        { symbol: SOL.symbol, mint: SOL.base, decimals: SOL.decimals, native: true },
      ],
    },
  ]
}

function removeOwn(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) rmSync(path)
  } catch {
    // it is gone already
  }
}
