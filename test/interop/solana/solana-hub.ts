import {
  HUB_CHAIN_ID,
  attestationSigner,
  blsKeyOf,
  createHubApplication,
  createSeededPriceSource,
  generateValidatorKey,
  hubAppState,
  startEmbeddedNode,
  verifyNatively,
} from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { createWasmLatticeXof, loadMclG1Scheme } from '@causeway/light-clients'
import { fromBase64, sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { operatorOf } from '../relayer-evm-hub.ts'

/** What the hub is told of the cluster. */
export interface SolanaHubSettings {
  /** CAIP-2. */
  readonly chainId: string
  /** Base 58: the IBC program, and the mints of what is listed by name of its asset. */
  readonly core: string
  readonly mints: { readonly usdc: string; readonly sol: string }
  /** Creates the clients; both it and the holder own something to pay with. */
  readonly creator: string
  readonly holder: string
}

const STAKE = 10_000_000n
const AMOUNT = 1_000_000_000_000n
const WEIGHTS = { initialWeightBps: 8_000, maintenanceWeightBps: 9_000 }
const ASSETS = [
  { denom: 'usdc', decimals: 6, symbol: 'USDC', ...WEIGHTS },
  { denom: 'sol', decimals: 9, symbol: 'SOL', ...WEIGHTS },
]
const PRICES = [
  { asset: 2n, priceE9: 1_000_000_000n },
  { asset: 3n, priceE9: 150_000_000_000n },
]

/** Starts a hub in this process that lists USDC and SOL of a cluster; one validator, which attests. */
export async function startSolanaHub(settings: SolanaHubSettings): Promise<EmbeddedNode> {
  const { chainId, core, mints, creator, holder } = settings
  const secret = sha256(utf8('attestor of a hub beside Solana'))
  secret[0] = 0 // below the group's order
  const key = generateValidatorKey(sha256(utf8('validator of a hub beside Solana')))
  const operator = operatorOf(0)
  const listed = { creator, clientType: 'solana', chainId, contract: core } as const
  return await startEmbeddedNode({
    application: createHubApplication({
      chainId: HUB_CHAIN_ID,
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
      priceSource: createSeededPriceSource('interop', PRICES),
      bls: await loadMclG1Scheme(),
      latticeXof: await createWasmLatticeXof(),
      attestationSigners: [attestationSigner(secret)],
    }),
    blocks: { everyMilliseconds: 300 },
    validators: [key],
    genesis: {
      genesis_time: new Date(Date.now() - 1000).toISOString(),
      chain_id: HUB_CHAIN_ID,
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: [{ pub_key: key.pub_key, power: '10' }],
      app_state: hubAppState({
        denom: 'ucway',
        balances: [creator, holder].map((one) => ({ holder: one, denom: 'ucway', amount: AMOUNT })),
        gasPriceE9: 0n,
        assets: ASSETS,
        listings: [
          { ...listed, base: mints.usdc, asset: 'usdc' },
          { ...listed, base: mints.sol, asset: 'sol' },
        ],
        stake: {
          staking: { epochBlocks: 6n, unbondingSeconds: 1_000_000n },
          validators: [
            {
              operator,
              consensusKey: fromBase64(key.pub_key.value),
              ...blsKeyOf(secret, { chainId: HUB_CHAIN_ID, operator }),
              moniker: 'validator',
              stake: STAKE,
            },
          ],
        },
      }),
    },
  })
}
