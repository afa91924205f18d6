import {
  ResponseProcessProposal_ProposalStatus as ProposalStatus,
  ResponseVerifyVoteExtension_VerifyStatus as VerifyStatus,
} from '@causeway/protocol/tendermint/abci/types'
import type {
  Event,
  ExecTxResult,
  RequestFinalizeBlock,
  ResponseCheckTx,
  ResponseQuery,
  ValidatorUpdate,
} from '@causeway/protocol/tendermint/abci/types'
import type { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { assert, be64, concatBytes, fromBase64, fromBe64, sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage, StorageWrite } from '@causeway/state-tree'
import type { Application } from './application.ts'

/** A kvstore application with what a test wants to see or to change of it. */
export interface KeyValueApplication extends Application {
  /** Names of the ABCI methods that were called, in order, but for CheckTx and Query. */
  readonly calls: string[]
  /** Every FinalizeBlock request. */
  readonly requests: RequestFinalizeBlock[]
  readonly behaviour: Behaviour
}

/** How the application behaves; a test may change it at any time. */
export interface Behaviour {
  acceptProposal: (txs: readonly Uint8Array[]) => boolean
  acceptExtension: (validatorAddress: Uint8Array) => boolean
  extension: () => Uint8Array
  paramUpdates: ConsensusParams | undefined
  retainHeight: bigint
  breakAt: string | undefined
}

const META_KEY = Uint8Array.of(0)
const EMPTY = new Uint8Array(0)

/**
 * A store of `key=value` transactions, like CometBFT's builtin one: the same events, `val:<base64>!<power>`
 * changes a validator. Its app hash is a chain over all transactions. With a storage of its own it survives
 * its process.
 */
export function createKeyValueApplication(storage: Storage = createMemoryStorage()): KeyValueApplication {
  const calls: string[] = []
  const requests: RequestFinalizeBlock[] = []
  const behaviour: Behaviour = {
    acceptProposal: () => true,
    acceptExtension: () => true,
    extension: () => utf8('extension'),
    paramUpdates: undefined,
    retainHeight: 0n,
    breakAt: undefined,
  }
  let staged: StorageWrite[] = []
  const called = (name: string): void => {
    assert(behaviour.breakAt !== name, `${name} is broken`)
    calls.push(name)
  }
  const lastBlock = (): { height: bigint; appHash: Uint8Array } => {
    const meta = storage.get(META_KEY)
    return meta ? { height: fromBe64(meta), appHash: meta.subarray(8) } : { height: 0n, appHash: EMPTY }
  }
  return {
    calls,
    requests,
    behaviour,
    info() {
      called('info')
      const { height, appHash } = lastBlock()
      return {
        data: `{"size":${storage.range(Uint8Array.of(1), undefined).length}}`,
        version: '1.0.0',
        appVersion: 1n,
        lastBlockHeight: height,
        lastBlockAppHash: appHash,
      }
    },
    initChain() {
      called('initChain')
      return { consensusParams: undefined, validators: [], appHash: sha256(utf8('genesis')) }
    },
    checkTx: ({ tx }) => {
      assert(behaviour.breakAt !== 'checkTx', 'checkTx is broken')
      return checkResult(isValid(tx) ? 0 : 2)
    },
    ...votingMethods(behaviour, called),
    finalizeBlock(request) {
      called('finalizeBlock')
      requests.push(request)
      const previous = request.height === 1n ? sha256(utf8('genesis')) : lastBlock().appHash
      const appHash = sha256(concatBytes(previous, be64(request.height), ...request.txs.map(sha256)))
      staged = [{ key: META_KEY, value: concatBytes(be64(request.height), appHash) }]
      for (const tx of request.txs.filter(isValid)) staged.push(writeOf(tx))
      return {
        events: [{ type: 'block_app', attributes: [attribute('height', String(request.height), true)] }],
        txResults: request.txs.map(txResult),
        validatorUpdates: request.txs.flatMap(validatorUpdate),
        consensusParamUpdates: behaviour.paramUpdates,
        appHash,
      }
    },
    commit() {
      called('commit')
      storage.write(staged)
      return { retainHeight: behaviour.retainHeight }
    },
    query: ({ data, path }) => {
      assert(behaviour.breakAt !== 'query', 'query is broken')
      return queryResult(path, data, storage.get(concatBytes(Uint8Array.of(1), data)), lastBlock().height)
    },
  }
}

type VotingMethods = Pick<
  Application,
  'prepareProposal' | 'processProposal' | 'extendVote' | 'verifyVoteExtension'
>

function votingMethods(behaviour: Behaviour, called: (name: string) => void): VotingMethods {
  return {
    prepareProposal({ txs, maxTxBytes }) {
      called('prepareProposal')
      let size = 0n
      return { txs: txs.filter((tx) => (size += BigInt(tx.length + 10)) <= maxTxBytes) }
    },
    processProposal({ txs }) {
      called('processProposal')
      return { status: behaviour.acceptProposal(txs) ? ProposalStatus.ACCEPT : ProposalStatus.REJECT }
    },
    extendVote() {
      called('extendVote')
      return { voteExtension: behaviour.extension() }
    },
    verifyVoteExtension({ validatorAddress }) {
      called('verifyVoteExtension')
      return {
        status: behaviour.acceptExtension(validatorAddress) ? VerifyStatus.ACCEPT : VerifyStatus.REJECT,
      }
    },
  }
}

function isValid(tx: Uint8Array): boolean {
  return /^[^=:]+=[^=]*$|^val:[A-Za-z0-9+/=]+!\d+$/.test(textOf(tx))
}

function textOf(tx: Uint8Array): string {
  return Buffer.from(tx).toString('utf8')
}

function pairOf(tx: Uint8Array): [string, string] {
  const text = textOf(tx)
  const at = text.startsWith('val:') ? text.indexOf('!') : text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}

function writeOf(tx: Uint8Array): StorageWrite {
  const [key, value] = pairOf(tx)
  return { key: concatBytes(Uint8Array.of(1), utf8(key)), value: utf8(value === '' ? ' ' : value) }
}

function validatorUpdate(tx: Uint8Array): ValidatorUpdate[] {
  const match = /^val:([A-Za-z0-9+/=]+)!(\d+)$/.exec(textOf(tx))
  return match ? [{ pubKey: { ed25519: fromBase64(match[1]!) }, power: BigInt(match[2]!) }] : []
}

function txResult(tx: Uint8Array): ExecTxResult {
  if (!isValid(tx)) return checkResult(2)
  const [key, value] = pairOf(tx)
  return {
    ...checkResult(0),
    gasWanted: 1n,
    gasUsed: 1n,
    events: [event('Cosmoshi Netowoko', key), event('Cosmoshi', value)],
  }
}

function event(creator: string, key: string): Event {
  return {
    type: 'app',
    attributes: [
      attribute('creator', creator, true),
      attribute('key', key, true),
      attribute('index_key', 'index is working', true),
      attribute('noindex_key', 'index is working', false),
    ],
  }
}

function attribute(key: string, value: string, index: boolean): Event['attributes'][number] {
  return { key, value, index }
}

function checkResult(code: number): ResponseCheckTx {
  return { code, data: EMPTY, log: '', info: '', gasWanted: 1n, gasUsed: 0n, events: [], codespace: '' }
}

function queryResult(
  path: string,
  key: Uint8Array,
  value: Uint8Array | undefined,
  height: bigint,
): ResponseQuery {
  return {
    code: 0,
    log: value ? 'exists' : 'does not exist',
    info: path === '/broken' ? 'unknown' : '',
    index: value ? -1n : 0n,
    key,
    value: value ?? EMPTY,
    proofOps: path === '/proof' ? { ops: [{ type: 'ics23:iavl', key, data: utf8('proof') }] } : undefined,
    height,
    codespace: '',
  }
}
