import type { AccountState } from '@causeway/light-clients'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { AccountStates } from './account-states.ts'
import type { AccountChange } from './account-states.ts'

const KEYS = ['a', 'b', 'c'] as const

function state(lamports: bigint): AccountState {
  return { lamports, data: new Uint8Array(0), isExecutable: false, owner: new Uint8Array(32) }
}

/** A slot on one of those before it, what it writes (0: the account goes), and whether it is rooted later. */
interface Step {
  readonly parent: number
  readonly writes: readonly (readonly [(typeof KEYS)[number], bigint])[]
  readonly action: 'none' | 'fold' | 'drop'
}

const arbitrarySteps = fc.array(
  fc.record({
    parent: fc.nat(1_000),
    writes: fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.bigInt(0n, 9n)), { maxLength: 3 }),
    action: fc.constantFrom(
      'none' as const,
      'none' as const,
      'none' as const,
      'fold' as const,
      'drop' as const,
    ),
  }),
  { maxLength: 30 },
)

/** What a whole copy of all accounts for each slot would be. */
class Naive {
  readonly copies = new Map<bigint, { parent: bigint; accounts: Map<string, AccountState> }>()
  root = 0n

  descends(slot: bigint, from: bigint): boolean {
    for (
      let at: bigint | undefined = slot;
      at !== undefined;
      at = at === from ? undefined : this.copies.get(at)?.parent
    )
      if (at === from) return true
    return false
  }

  forget(isForgotten: (slot: bigint) => boolean): void {
    const forgotten = [...this.copies.keys()].filter(isForgotten)
    for (const slot of forgotten) this.copies.delete(slot)
  }
}

describe('states of accounts', () => {
  it('are what a copy for each bank would be, for any forks, roots and drops', () => {
    fc.assert(
      fc.property(arbitrarySteps, (steps) => {
        const states = new AccountStates(0n, new Map([['a', state(1n)]]))
        const naive = new Naive()
        naive.copies.set(0n, { parent: -1n, accounts: new Map([['a', state(1n)]]) })
        steps.forEach((step, index) => take(states, naive, step, BigInt(index + 1)))
        for (const [slot, { accounts }] of naive.copies) {
          expect(states.has(slot)).toBe(true)
          for (const key of KEYS) expect(states.at(slot, key).state).toEqual(accounts.get(key))
        }
        expect(states.depth).toBe(naive.copies.size - 1)
      }),
      { numRuns: 300 },
    )
  })

  it('give the vector of what a layer wrote, and none of what lies in the root', () => {
    const states = new AccountStates(0n, new Map([['a', state(1n)]]))
    const vector = new Uint8Array(2048)
    states.add(1n, 0n, new Map([['b', { before: undefined, after: state(2n), vector }]]))
    expect(states.at(1n, 'b').vector).toBe(vector)
    expect(states.at(1n, 'a').vector).toBeUndefined()
    states.fold(1n)
    expect(states.at(1n, 'b')).toEqual({ state: state(2n), vector: undefined })
  })
})

function take(states: AccountStates, naive: Naive, { parent, writes, action }: Step, slot: bigint): void {
  const known = [...naive.copies.keys()]
  const on = known[parent % known.length]!
  const accounts = new Map(naive.copies.get(on)!.accounts)
  const changes = new Map<string, AccountChange>()
  for (const [key, lamports] of writes) {
    const after = lamports === 0n ? undefined : state(lamports)
    changes.set(key, { before: states.at(on, key).state, after, vector: undefined })
    if (after) accounts.set(key, after)
    else accounts.delete(key)
  }
  states.add(slot, on, changes)
  naive.copies.set(slot, { parent: on, accounts })
  const chosen = [...naive.copies.keys()][parent % naive.copies.size]!
  if (action === 'fold') {
    states.fold(chosen)
    naive.forget((one) => !naive.descends(one, chosen))
    naive.root = chosen
  } else if (action === 'drop' && chosen !== naive.root) {
    states.drop(chosen)
    naive.forget((one) => one === chosen || naive.descends(one, chosen))
  }
}
