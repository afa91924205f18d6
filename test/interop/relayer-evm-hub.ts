import { toBech32 } from '@cosmjs/encoding'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
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
import type { EmbeddedNode, HubGenesisOptions, PriceSource } from '@causeway/hub'
import { loadMclG1Scheme } from '@causeway/light-clients'
import { fromBase64, sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Hex } from 'viem'

/** The EVM chain on which the hub lists wrapped ether (CAIP-2). */
export const EVM_CHAIN = 'eip155:31337'

/** Wallets that own `ucway` from the hub's genesis on. */
export const MNEMONICS = {
  relayer: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  trader: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
}

/** What the hub of a test is to know. */
export interface BridgeHubSettings {
  /** The IBC core and the token of the EVM chain that the hub's first line is for. */
  readonly core: Hex
  readonly wrappedEther: Hex
  readonly epochBlocks?: bigint
  /** Powers of the validators, which all attest; by default one of 10. */
  readonly powers?: readonly bigint[]
  /** Markets of ether; default none. */
  readonly underlyings?: HubGenesisOptions['underlyings']
  /** Default: ether swings a little around 2,500. */
  readonly priceSource?: PriceSource
}

const POWER = 1_000_000n
const swinging = createSeededPriceSource('interop', [{ asset: 2n, priceE9: 2_500_000_000_000n }])

/** Starts a hub here whose one line is wrapped ether; the relayer's wallet may create its client. */
export async function startBridgeHub(settings: BridgeHubSettings): Promise<EmbeddedNode> {
  const [creator, holder] = [await addressOf(MNEMONICS.relayer), await addressOf(MNEMONICS.trader)]
  const validators = (settings.powers ?? [10n]).map(validator)
  const amount = 1_000_000_000_000n
  return await startEmbeddedNode({
    application: createHubApplication({
      chainId: HUB_CHAIN_ID,
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
      priceSource: settings.priceSource ?? swinging,
      bls: await loadMclG1Scheme(),
      attestationSigners: validators.map(({ secret }) => attestationSigner(secret)),
    }),
    blocks: { everyMilliseconds: 300 },
    validators: validators.map(({ key }) => key),
    genesis: {
      genesis_time: new Date(Date.now() - 1000).toISOString(),
      chain_id: HUB_CHAIN_ID,
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: validators.map(({ key, power }) => ({ pub_key: key.pub_key, power: `${power}` })),
      app_state: hubAppState({
        denom: 'ucway',
        balances: [creator, holder].map((one) => ({ holder: one, denom: 'ucway', amount })),
        gasPriceE9: 0n,
        assets: [ETHER_ASSET],
        ...(settings.underlyings && { underlyings: settings.underlyings }),
        listings: [
          {
            ...{ creator, clientType: 'ethereum', chainId: EVM_CHAIN, contract: settings.core },
            ...{ base: settings.wrappedEther, asset: 'weth' },
          },
        ],
        stake: {
          staking: { epochBlocks: settings.epochBlocks ?? 6n, unbondingSeconds: 1_000_000n },
          validators: validators.map(({ key, secret, power, operator }, index) => ({
            operator,
            consensusKey: fromBase64(key.pub_key.value),
            ...blsKeyOf(secret, { chainId: HUB_CHAIN_ID, operator }),
            moniker: `validator ${index}`,
            stake: power * POWER,
          })),
        },
      }),
    },
  })
}

/** The operator of the validator with this index: an account that signs nothing in tests. */
export function operatorOf(index: number): string {
  return toBech32('cway', sha256(utf8(`operator ${index} of a test`)).subarray(0, 20))
}

function validator(power: bigint, index: number) {
  const secret = sha256(utf8(`attestor ${index} of a test`))
  secret[0] = 0
  const key = generateValidatorKey(sha256(utf8(`validator ${index} of a test`)))
  return { key, secret, power, operator: operatorOf(index) }
}

async function addressOf(mnemonic: string): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: 'cway' })
  return (await wallet.getAccounts())[0]!.address
}

const ETHER_ASSET = {
  ...{ denom: 'weth', decimals: 18, symbol: 'ETH' },
  ...{ initialWeightBps: 8_000, maintenanceWeightBps: 9_000 },
}
