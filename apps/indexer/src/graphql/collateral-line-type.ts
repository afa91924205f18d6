import type { Line } from '../read/hub-rows.ts'
import type { LineFlow } from '../read/line-flows.ts'
import type { Builder } from './builder.ts'
import type { addLineType } from './hub-types.ts'

/** Adds `CollateralLine`. */
export function addCollateralLineType(builder: Builder, line: ReturnType<typeof addLineType>) {
  return builder.objectRef<LineFlow & { backing: Line }>('CollateralLine').implement({
    description: 'What one subaccount moved over one of the lines that back an asset, by the tables.',
    fields: (t) => ({
      line: t.field({ type: line, resolve: ({ backing }) => backing }),
      deposited: t.field({
        type: 'Amount',
        description: 'Credited to it over this line.',
        resolve: ({ deposited }) => deposited,
      }),
      withdrawn: t.field({
        type: 'Amount',
        description: 'Sent out by it over this line, and not given back.',
        resolve: ({ withdrawn }) => withdrawn,
      }),
      unfinal: t.field({
        type: 'Amount',
        description: 'On its way in, and not final yet where it was sent: it may vanish.',
        resolve: ({ unfinal }) => unfinal,
      }),
      arriving: t.field({
        type: 'Amount',
        description: 'On its way in, and final where it was sent.',
        resolve: ({ arriving }) => arriving,
      }),
      leaving: t.field({
        type: 'Amount',
        description: 'Of `withdrawn`, what the other chain has not paid out in a final block.',
        resolve: ({ leaving }) => leaving,
      }),
    }),
  })
}
