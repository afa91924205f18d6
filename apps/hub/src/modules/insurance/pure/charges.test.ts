import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_GROUP, chargeGroups, payCharges } from './charges.ts'
import type { GroupLoss } from './charges.ts'

const cash = fc.bigInt({ min: 0n, max: 10n ** 18n })
const losses = fc
  .array(cash, { maxLength: 12 })
  .map((list): GroupLoss[] => list.map((lossE6, i) => ({ group: BigInt(i + 1), lossE6 })))
const sum = (list: readonly bigint[]) => list.reduce((all, each) => all + each, 0n)

describe('charging groups', () => {
  it('goes by their shares of the worst loss', () => {
    const both = [
      { group: 3n, lossE6: 300n },
      { group: 5n, lossE6: 100n },
      { group: 7n, lossE6: 0n },
    ]
    expect(chargeGroups(1_000n, both)).toEqual([
      { group: 3n, amountE6: 750n },
      { group: 5n, amountE6: 250n },
    ])
    expect(chargeGroups(1n, both)).toEqual([{ group: 3n, amountE6: 1n }])
    expect(chargeGroups(0n, both)).toEqual([])
  })

  it('without a loss anywhere is the common fund’s', () => {
    expect(chargeGroups(9n, [])).toEqual([{ group: NO_GROUP, amountE6: 9n }])
    expect(chargeGroups(9n, [{ group: 3n, lossE6: 0n }])).toEqual([{ group: NO_GROUP, amountE6: 9n }])
  })

  it('charges what is lacking, to the last unit', () => {
    fc.assert(
      fc.property(cash, losses, (amountE6, list) => {
        const charges = chargeGroups(amountE6, list)
        expect(sum(charges.map((charge) => charge.amountE6))).toBe(amountE6)
        for (const charge of charges) expect(charge.amountE6 > 0n).toBe(true)
      }),
    )
  })
})

describe('paying charges', () => {
  const funds = new Map([
    [3n, 100n],
    [5n, 0n],
  ])
  const own = (group: bigint) => funds.get(group) ?? 0n

  it('takes a group’s own fund first, then the common one, then nobody’s', () => {
    const charges = [
      { group: 3n, amountE6: 150n },
      { group: 5n, amountE6: 150n },
    ]
    expect(payCharges(charges, own, 100n)).toEqual([
      { group: 3n, amountE6: 150n, ownE6: 100n, commonE6: 25n, leftE6: 25n },
      { group: 5n, amountE6: 150n, ownE6: 0n, commonE6: 75n, leftE6: 75n },
    ])
    expect(payCharges(charges, own, 1_000n).map(({ leftE6 }) => leftE6)).toEqual([0n, 0n])
  })

  it('never lets one group’s own fund pay for another', () => {
    const charges = [{ group: 5n, amountE6: 50n }]
    expect(payCharges(charges, own, 0n)).toEqual([
      { group: 5n, amountE6: 50n, ownE6: 0n, commonE6: 0n, leftE6: 50n },
    ])
    expect(payCharges([{ group: NO_GROUP, amountE6: 9n }], () => 9n, 4n)[0]).toMatchObject({
      ownE6: 0n,
      commonE6: 4n,
    })
  })

  it('conserves, overdraws no fund, and leaves nothing unpaid that the common fund has', () => {
    fc.assert(
      fc.property(
        cash,
        losses,
        fc.array(cash, { minLength: 12, maxLength: 12 }),
        cash,
        (lack, list, has, common) => {
          const paid = payCharges(chargeGroups(lack, list), (group) => has[Number(group) - 1] ?? 0n, common)
          for (const { group, amountE6, ownE6, commonE6, leftE6 } of paid) {
            expect(ownE6 + commonE6 + leftE6).toBe(amountE6)
            expect(leftE6 >= 0n && commonE6 >= 0n).toBe(true)
            expect(ownE6 <= (has[Number(group) - 1] ?? 0n)).toBe(true)
          }
          const [fromCommon, left] = [
            sum(paid.map(({ commonE6 }) => commonE6)),
            sum(paid.map(({ leftE6 }) => leftE6)),
          ]
          expect(fromCommon <= common).toBe(true)
          if (left > 0n) expect(fromCommon).toBe(common)
        },
      ),
    )
  })
})
