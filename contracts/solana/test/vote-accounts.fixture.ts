// Vote accounts as the cluster keeps them, for the recorder.
import { PublicKey } from '@solana/web3.js'
import { concatBytes, le64, sha256, utf8 } from '@causeway/primitives'
import { setAccount } from './svm.fixture.ts'
import type { Svm } from './svm.fixture.ts'

/** Owns them. */
export const VOTE_PROGRAM = new PublicKey('Vote111111111111111111111111111111111111111')

/** The epoch that programs are told. */
export function setEpoch({ svm }: Svm, epoch: bigint): void {
  const clock = svm.getClock()
  clock.epoch = epoch
  svm.setClock(clock)
}

/** A vote account of version 2, whose voter from epoch 6 on is another than before, and from 7 on. */
export function voteState(seed: string): { data: Uint8Array; node: Uint8Array; voter: Uint8Array } {
  const [node, voter] = [sha256(utf8(`${seed} node`)), sha256(utf8(`${seed} voter`))]
  const voters = [
    [3n, sha256(utf8('before'))],
    [6n, voter],
    [7n, sha256(utf8('after'))],
  ] as const
  const data = concatBytes(
    Uint8Array.of(2, 0, 0, 0),
    node,
    sha256(utf8('withdrawer')),
    Uint8Array.of(5),
    le64(31n),
    new Uint8Array(31 * 13),
    Uint8Array.of(1),
    le64(77n),
    le64(3n),
    ...voters.map(([epoch, key]) => concatBytes(le64(epoch), key)),
  )
  return { data: concatBytes(data, new Uint8Array(3_762 - data.length)), node, voter }
}

/** So many of them in a chain. */
export function makeVoters(recorder: Svm, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const key = new PublicKey(sha256(utf8(`vote account ${i}`)))
    const state = voteState(`${i}`)
    setAccount(recorder, key, { owner: VOTE_PROGRAM, data: state.data })
    return { key, ...state }
  })
}
