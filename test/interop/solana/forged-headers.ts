import { packAny } from '@causeway/protocol'
import type { Any } from '@causeway/protocol'
import { Header } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'

/** A good header with one thing of it otherwise, each time another, by what it is that was changed. */
export function forgedHeaders(message: Any): [what: string, forged: Any][] {
  return Object.entries(CHANGES).map(([what, change]) => {
    // A copy: what is decoded lies in the bytes it was decoded from
    const header = Header.decode(message.value.slice())
    change(header)
    return [what, packAny(message.typeUrl, Header.encode(header).finish())]
  })
}

const CHANGES: Readonly<Record<string, (header: Header) => void>> = {
  'a written account left out': ({ state }) => void state!.writes.shift(),
  'an account with a lamport more': ({ state }) => void (lastOf(state!.writes).after!.lamports += 1n),
  'an account that was another before': ({ state }) => void (lastOf(state!.writes).before!.lamports += 1n),
  'data of an account changed': ({ state }) => flip(lastOf(state!.writes).after!.data, 0),
  'one signature more': ({ state }) => void (state!.signatureCount += 1n),
  'another last blockhash': ({ state }) => flip(state!.lastBlockhash, 0),
  'another parent bank hash': ({ state }) => flip(state!.parent!.parentBankHash, 0),
  "another sum of the parent's accounts": ({ state }) => flip(state!.parent!.accountsLtHash, 7),
  'a vote with a flipped signature bit': ({ consensus }) => flip(consensus!.tower!.votes[0]!, 5),
  'a vote with a flipped bit in its end': ({ consensus }) => {
    const vote = consensus!.tower!.votes[0]!
    flip(vote, vote.length - 40)
  },
  'no votes': ({ consensus }) => void consensus!.tower!.votes.splice(0),
}

/** An account that was there before and after. */
function lastOf(writes: NonNullable<Header['state']>['writes']) {
  return writes.findLast(({ before, after }) => before && after && after.data.length > 0)!
}

function flip(bytes: Uint8Array, at: number): void {
  bytes[at]! ^= 1
}
