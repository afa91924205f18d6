import type { RequestInfo, RequestInitChain, ResponseInfo } from '@causeway/protocol/tendermint/abci/types'
import { hashResults } from '@causeway/light-clients'
import { assert, equalBytes, toHexUpper } from '@causeway/primitives'
import type { Application } from '../application.ts'
import { BLOCK_PROTOCOL } from '../chain/block.ts'
import { genesisState, nextHeight, withInitChain } from '../chain/chain-state.ts'
import type { ChainState } from '../chain/chain-state.ts'
import type { Genesis } from '../chain/genesis.ts'
import { errors } from '../errors.ts'
import { txHash } from '../mempool/tx-hash.ts'
import type { BlockStore } from '../store/block-store.ts'
import { finalizeRequest, requireResults } from './apply-block.ts'
import type { DecidedBlock } from './core.ts'

/** The CometBFT release whose behaviour the engine has. */
export const COMETBFT_VERSION = '0.38.26'

/** How an engine introduces itself. */
export const REQUEST_INFO: RequestInfo = {
  version: COMETBFT_VERSION,
  blockVersion: BLOCK_PROTOCOL,
  p2pVersion: 8n,
  abciVersion: '2.0.0',
}

/**
 * Brings application and block store to the same height: InitChain for a new application, then every stored
 * block that it lacks, whose answers must be the stored ones. Throws `engine/20`–`/24`, `engine/1`,
 * `engine/3`, `engine/46`.
 */
export function handshake(
  application: Application,
  store: BlockStore,
  genesis: Genesis,
  genesisHash: Uint8Array,
): ChainState {
  store.requireGenesis(genesisHash)
  const stored = store.loadState()
  const info = application.info(REQUEST_INFO)
  requireReachable(info, stored, store.base)
  let state = stored ?? genesisState(genesis, info.appVersion)
  if (info.lastBlockHeight === 0n) {
    const response = application.initChain(initChainRequest(genesis))
    if (state.lastHeight === 0n) {
      state = withInitChain(genesisState(genesis, info.appVersion), response)
      store.saveGenesis(state, genesisHash)
    }
  } else requireSameHash(info, state, store)
  replayMissing(application, store, state, info.lastBlockHeight)
  return state
}

/** The block that was decided when the process ended, if it is the next one. */
export function loadPendingBlock(store: BlockStore, state: ChainState): DecidedBlock | undefined {
  const pending = store.loadPending()
  if (!pending || pending.height !== nextHeight(state)) return undefined
  const block = store.block(pending.height)
  const meta = store.meta(pending.height)
  const bytes = store.blockBytes(pending.height)
  assert(block?.header && block.data && meta?.blockId && bytes, 'a pending block is stored with its record')
  return {
    made: {
      block,
      header: block.header,
      blockId: meta.blockId,
      bytes,
      txHashes: block.data.txs.map(txHash),
    },
    round: pending.round,
    voteTimeNanoseconds: pending.voteTimeNanoseconds,
  }
}

/** What an application is told of its genesis. */
export function initChainRequest(genesis: Genesis): RequestInitChain {
  return {
    time: genesis.time,
    chainId: genesis.chainId,
    consensusParams: genesis.params,
    // In the order of the set, as CometBFT has it
    validators: genesisState(genesis, 0n).validators.validators.map(({ pubKey, votingPower }) => ({
      pubKey,
      power: votingPower,
    })),
    appStateBytes: genesis.appState,
    initialHeight: genesis.initialHeight,
  }
}

function requireReachable(info: ResponseInfo, stored: ChainState | undefined, base: bigint): void {
  const application = info.lastBlockHeight
  const height = stored?.lastHeight ?? 0n
  if (application > height) throw errors.applicationAhead({ application, store: height })
  const isGone =
    base > 0n && application < base - 1n && !(application === 0n && base === stored?.initialHeight)
  if (isGone) throw errors.applicationTooLow({ application, base })
}

function requireSameHash(info: ResponseInfo, state: ChainState, store: BlockStore): void {
  const height = info.lastBlockHeight
  const stored = height === state.lastHeight ? state.appHash : store.results(height)?.appHash
  if (stored && !equalBytes(stored, info.lastBlockAppHash)) {
    throw differs(height, 'app hash', stored, info.lastBlockAppHash)
  }
}

function replayMissing(application: Application, store: BlockStore, state: ChainState, from: bigint): void {
  const first = from === 0n ? state.initialHeight : from + 1n
  for (let height = first; height <= state.lastHeight; height++) {
    const block = store.block(height)
    const meta = store.meta(height)
    const stored = store.results(height)
    if (!block || !meta?.blockId || !stored) throw errors.appHashMissing({ height })
    const lastValidators = height === state.initialHeight ? undefined : store.validators(height - 1n)
    const request = finalizeRequest(block, meta.blockId.hash, lastValidators ?? state.lastValidators)
    const response = application.finalizeBlock(request)
    requireResults(response, block.data!.txs.length)
    if (!equalBytes(response.appHash, stored.appHash)) {
      throw differs(height, 'app hash', stored.appHash, response.appHash)
    }
    const [storedHash, resultsHash] = [hashResults(stored.txResults), hashResults(response.txResults)]
    if (!equalBytes(storedHash, resultsHash)) throw differs(height, 'results hash', storedHash, resultsHash)
    application.commit()
  }
}

function differs(height: bigint, what: string, stored: Uint8Array, got: Uint8Array): Error {
  return errors.applicationDiffers({ height, what, stored: toHexUpper(stored), got: toHexUpper(got) })
}
