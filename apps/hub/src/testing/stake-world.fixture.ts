// Accounts, ledger, staking and governance on one layer, block by block without transactions: for properties
// that need thousands of steps.
import { nobleG1Scheme, verifyProofOfPossession } from '@causeway/light-clients'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import type { Misbehavior, ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'
import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import { createMemoryStorage, MultiStore } from '@causeway/state-tree'
import type { ExecutionContext } from '../block/context.ts'
import { Layer } from '../block/layer.ts'
import type { Module } from '../block/module.ts'
import { governancePorts } from '../compose-governance.ts'
import { stakingPorts } from '../compose-staking.ts'
import { createFoundation } from '../compose.ts'
import type { GenesisStake } from '../genesis/stake-state.ts'
import { createAddressCodec } from '../identifiers.ts'
import { linkPorts } from '../compose-accounts.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { accountsModule } from '../modules/accounts/module.ts'
import type { GovernancePorts } from '../modules/governance/ports.ts'
import { governanceModule } from '../modules/governance/module.ts'
import { ledgerModule } from '../modules/ledger/module.ts'
import { stakingModule } from '../modules/staking/module.ts'
import { createStaking } from '../modules/staking/staking.ts'
import type { Staking } from '../modules/staking/staking.ts'
import type { PossessionClaim, StakingPorts } from '../modules/staking/ports.ts'
import { readSet } from '../modules/staking/state.ts'
import { refusal } from './refusal.fixture.ts'
import { memoryContext } from './memory-context.fixture.ts'
import { blsKey, genesisValidator, operatorOf, stakedGenesis } from './staked-hub.fixture.ts'
import type { Wallet } from './wallet.fixture.ts'

const STORES = ['accounts', 'ibc', 'ledger', 'staking', 'governance']
const NOBODY = new Uint8Array(0)

/** What the engine says with a block. */
export interface BlockFacts {
  readonly seconds?: bigint
  readonly misbehaviour?: readonly Misbehavior[]
  /** Names of validators that did not sign the block before. */
  readonly absent?: readonly string[]
}

/** The consensus key of a test validator. */
export function consensusKey(name: string): Uint8Array {
  return sha256(utf8(`consensus ${name}`))
}

const verdicts = new Map<string, boolean>()

/** The real check, once for the same bytes: worlds are made by the hundred. */
function verifyPossession(claim: PossessionClaim, proof: Uint8Array): boolean {
  const key = [utf8(claim.chainId), claim.operator, claim.key, proof].map(toHex).join()
  const verdict = verdicts.get(key) ?? verifyProofOfPossession(nobleG1Scheme, claim, proof)
  verdicts.set(key, verdict)
  return verdict
}

/** A world at genesis. */
export class StakeWorld {
  readonly addresses = createAddressCodec('cway')
  readonly ports: StakingPorts
  readonly staking: Staking
  readonly governance: GovernancePorts
  readonly modules: readonly Module[]
  height = 0n
  seconds = 1_700_000_000n
  calls: string[] = []
  readonly #layer: Layer

  constructor(
    powers: Readonly<Record<string, bigint>>,
    wallets: readonly Wallet[],
    stake: Partial<GenesisStake> = {},
  ) {
    const stores = MultiStore.open({ storage: createMemoryStorage(), storeNames: STORES, keepVersions: 1n })
    this.#layer = new Layer((name) => stores.reader(name))
    const foundation = createFoundation(this.addresses)
    const { accounts, ledger } = foundation
    const checkWithdrawal = () => undefined
    this.ports = {
      ...stakingPorts(foundation, {
        denom: 'ucway',
        checkWithdrawal,
        verifyPossession,
      }),
    }
    this.staking = createStaking(this.ports)
    this.governance = governancePorts(foundation, {
      denom: 'ucway',
      checkWithdrawal,
      stake: this.staking,
      lightClients: [],
      modules: () => this.modules,
      sendGovernanceCall: (_, clientId) => void this.calls.push(clientId),
      lineName: (_, line) => line,
      writeOff: () => undefined,
      pauseLine: () => undefined,
    })
    this.modules = [
      accountsModule(this.addresses, linkPorts(ledger, { verifySignatures: verifyNatively })),
      ledgerModule(ledger, { addresses: this.addresses, ensureAccount: accounts.ensure, checkWithdrawal }),
      stakingModule(this.staking),
      governanceModule(this.governance),
    ]
    this.#start(powers, wallets, stake)
  }

  /** How long a client of a listed line trusts a header. */
  set trustingSeconds(seconds: bigint) {
    this.staking.trusts(this.context(), { clientId: '07-tendermint-0', seconds })
  }

  /** The state of the newest block. */
  context(): ExecutionContext {
    return memoryContext(STORES, { height: this.height, timeSeconds: this.seconds, layer: this.#layer })
  }

  /** One block: what the engine knows, the messages, the end; gives the changes of the set. */
  block(
    run: (context: ExecutionContext) => void = () => undefined,
    facts: BlockFacts = {},
  ): ValidatorUpdate[] {
    this.height += 1n
    this.seconds += facts.seconds ?? 1n
    const context = this.context()
    const absent = (facts.absent ?? []).map((name) => ({
      validator: { address: sha256(consensusKey(name)).slice(0, 20), power: 1n },
      blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_ABSENT,
    }))
    this.staking.beginBlock(context, {
      lastCommit: { round: 0, votes: absent },
      misbehaviour: facts.misbehaviour ?? [],
    })
    for (const module of this.modules) module.beginBlock?.(context, undefined)
    run(context)
    for (const module of this.modules) module.endBlock?.(context)
    return this.staking.endBlock(context)
  }

  /** What a step is refused with; a refused one changes nothing. */
  attempt(context: ExecutionContext, step: () => void): string {
    return refusal(() => context.nested(step))
  }

  /** Blocks until one ends an epoch (4 blocks by default); gives its changes. */
  epoch(blocks = 4n): ValidatorUpdate[] {
    let updates = this.block()
    while (this.height % blocks !== 0n) updates = this.block()
    return updates
  }

  broken(): string[] {
    const context = this.context()
    return this.modules.flatMap((module) => [...(module.invariants?.(context) ?? [])])
  }

  balance(holder: { account: Uint8Array; subaccount: number }): bigint {
    return this.ports.bank.balance(this.context(), holder)
  }

  /** Powers by moniker in the set of a height. */
  powers(height: bigint): Record<string, bigint> {
    const names = ['a', 'b', 'c', 'd', 'e']
    const set = readSet(this.context().store('staking'), height).validators
    return Object.fromEntries(
      set.map(({ publicKey, power }) => [
        names.find((name) => Buffer.from(consensusKey(name)).equals(publicKey)) ?? '?',
        power,
      ]),
    )
  }

  /** Keys of a new validator. */
  creation(name: string, amount: bigint) {
    const { id } = operatorOf(name)
    return { ...blsKey(name, id), consensusKey: consensusKey(name), moniker: name, commissionBps: 0, amount }
  }

  #start(
    powers: Readonly<Record<string, bigint>>,
    wallets: readonly Wallet[],
    stake: Partial<GenesisStake>,
  ): void {
    const validators = Object.entries(powers).map(([name, power]) =>
      genesisValidator(name, consensusKey(name), power),
    )
    const state = stakedGenesis(wallets, { validators, ...stake }) as Record<string, unknown>
    const context = this.context()
    const updates = Object.entries(powers).map(([name, power]) => ({
      pubKey: { ed25519: consensusKey(name) },
      power,
    }))
    this.staking.initChain(context, {
      time: undefined,
      chainId: 'causeway-1',
      consensusParams: ConsensusParams.fromPartial({}),
      validators: updates,
      appStateBytes: NOBODY,
      initialHeight: 1n,
    })
    for (const module of this.modules) module.initGenesis?.(context, state[module.name])
  }
}
