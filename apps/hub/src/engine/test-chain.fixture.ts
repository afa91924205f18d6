import { createNativeSignatureVerifier } from '@causeway/light-clients'
import { finish, sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { testClock, testGenesis, testKeys } from './chain.fixture.ts'
import { EvidencePool } from './chain/evidence-pool.ts'
import { parseGenesis } from './chain/genesis.ts'
import type { GenesisJson } from './chain/genesis.ts'
import { PrivateValidator } from './keys/private-validator.ts'
import { createMemorySignState } from './keys/sign-state.ts'
import type { SignStateStore } from './keys/sign-state.ts'
import { parseValidatorKey } from './keys/validator-key.ts'
import type { ValidatorKeyJson } from './keys/validator-key.ts'
import { createKeyValueApplication } from './kvstore.fixture.ts'
import type { KeyValueApplication } from './kvstore.fixture.ts'
import { Mempool } from './mempool/mempool.ts'
import type { AppliedBlock } from './node/apply-block.ts'
import { blockLimits } from './node/core.ts'
import type { EngineCore } from './node/core.ts'
import { handshake, loadPendingBlock } from './node/handshake.ts'
import { produceBlock } from './node/produce-block.ts'
import { BlockStore } from './store/block-store.ts'

/** Block production without RPC and timers. */
export interface TestChain {
  readonly core: EngineCore
  readonly application: KeyValueApplication
  /** Of its blocks. */
  readonly storage: Storage
  /** Makes a block of exactly these transactions, valid or not. */
  produce(txs?: readonly string[]): AppliedBlock
}

/** How a test chain is made. */
export interface TestChainOptions {
  readonly validators?: readonly string[]
  readonly powers?: readonly number[]
  /** Keys that sign; by default those of all validators. */
  readonly signers?: readonly ValidatorKeyJson[]
  readonly genesis?: Partial<GenesisJson>
  readonly storage?: Storage
  readonly application?: KeyValueApplication
  readonly clock?: () => bigint
  readonly signState?: (index: number) => SignStateStore
}

/** Starts block production on a storage, or goes on with what it holds. */
export function testChain(options: TestChainOptions = {}): TestChain {
  const keys = testKeys(...(options.validators ?? ['a']))
  const genesis = parseGenesis(testGenesis(keys, options.genesis, options.powers))
  const application = options.application ?? createKeyValueApplication()
  const storage = options.storage ?? createMemoryStorage()
  const store = new BlockStore(storage)
  const state = handshake(application, store, genesis, sha256(utf8(JSON.stringify(options.genesis ?? {}))))
  let wanted: readonly string[] = []
  const core: EngineCore = {
    application: {
      ...application,
      prepareProposal: (request) => {
        application.prepareProposal(request)
        return { txs: wanted.map(utf8) }
      },
    },
    store,
    mempool: new Mempool(application),
    evidence: new EvidencePool(store, createNativeSignatureVerifier()),
    signers: (options.signers ?? keys).map(
      (key, i) =>
        new PrivateValidator(
          genesis.chainId,
          parseValidatorKey(key),
          options.signState?.(i) ?? createMemorySignState(),
        ),
    ),
    clock: options.clock ?? testClock(),
    state,
    extendedCommit: state.lastHeight === 0n ? undefined : store.lastExtendedCommit(),
    pending: loadPendingBlock(store, state),
  }
  core.mempool.setLimits(blockLimits(state))
  return {
    core,
    application,
    storage,
    produce: (txs = []) => {
      wanted = txs
      return finish(produceBlock(core))
    },
  }
}
