import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Application } from '@causeway/hub'
import { concatBytes, fromBase64, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import type { ExecTxResult, ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'

interface Saved {
  height: string
  appHash: string
  values: Record<string, string>
}

/**
 * What CometBFT's builtin kvstore answers, as far as its shape goes. The app hash is a chain over all
 * transactions. With a path it is in a file that each commit replaces, and survives its process.
 */
export function createKeyValueApplication(path?: string): Application {
  const accept = { status: 1 as const }
  let saved: Saved = { height: '0', appHash: '', values: {} }
  if (path !== undefined && existsSync(path)) saved = JSON.parse(readFileSync(path, 'utf8')) as Saved
  let next = saved
  return {
    info: () => ({
      data: '{"size":1}',
      version: '2.0.0',
      appVersion: 1n,
      lastBlockHeight: BigInt(saved.height),
      lastBlockAppHash: fromHex(saved.appHash),
    }),
    initChain: () => ({ consensusParams: undefined, validators: [], appHash: new Uint8Array(0) }),
    checkTx: ({ tx }) => {
      const isGood = isValid(Buffer.from(tx).toString())
      return { ...emptyResult(isGood ? 0 : 2), gasWanted: isGood ? 1n : 0n }
    },
    prepareProposal: ({ txs }) => ({ txs }),
    processProposal: () => accept,
    extendVote: ({ height }) => ({ voteExtension: utf8(`extension ${height}`) }),
    verifyVoteExtension: () => accept,
    finalizeBlock: (request) => {
      const texts = request.txs.map((tx) => Buffer.from(tx).toString())
      const appHash = sha256(concatBytes(fromHex(saved.appHash), ...request.txs))
      const values = Object.fromEntries(texts.map((text) => text.split('=') as [string, string]))
      next = {
        height: String(request.height),
        appHash: toHex(appHash),
        values: { ...saved.values, ...values },
      }
      return {
        events: [],
        txResults: texts.map((text) => ({
          ...emptyResult(0),
          events: text.startsWith('val=') ? [] : eventsOf(text),
        })),
        validatorUpdates: texts.flatMap(validatorUpdate),
        consensusParamUpdates: undefined,
        appHash,
      }
    },
    commit: () => {
      saved = next
      if (path !== undefined) {
        writeFileSync(`${path}.next`, JSON.stringify(saved))
        renameSync(`${path}.next`, path)
      }
      return { retainHeight: 0n }
    },
    query: ({ data }) => {
      const value = saved.values[Buffer.from(data).toString()]
      const log = value === undefined ? 'does not exist' : 'exists'
      const found = { key: data, value: utf8(value ?? ''), proofOps: undefined, height: BigInt(saved.height) }
      return { ...emptyResult(0), log, index: -1n, ...found }
    },
  }
}

function isValid(text: string): boolean {
  return /^[^=]+=[^=]+$/.test(text) || text.startsWith('val=')
}

function eventsOf(text: string): ExecTxResult['events'] {
  return text.split('=').map((key) => ({
    type: 'app',
    attributes: [
      { key: 'creator', value: 'Cosmoshi Netowoko', index: true },
      { key: 'key', value: key, index: true },
      { key: 'index_key', value: 'index is working', index: true },
      { key: 'noindex_key', value: 'index is working', index: false },
    ],
  }))
}

function validatorUpdate(text: string): ValidatorUpdate[] {
  const [, key, power] = text.startsWith('val=') ? text.split('!') : []
  return key === undefined ? [] : [{ pubKey: { ed25519: fromBase64(key) }, power: BigInt(power!) }]
}

function emptyResult(code: number): ExecTxResult {
  return {
    code,
    data: new Uint8Array(0),
    log: '',
    info: '',
    gasWanted: 0n,
    gasUsed: 0n,
    events: [],
    codespace: '',
  }
}
