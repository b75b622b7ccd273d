import { modelOf } from '../reference/model-builder.ts'

/** A policy with something in every table of a program. */
export const RICH = modelOf({
  segments: {
    corp: { cidrs: ['10.1.0.0/16', 'fd00:1::/32'], except: { cidrs: ['10.1.9.0/24'] } },
    lab: { workloads: [{ id: 'spiffe://td/lab', below: true }], labels: [{ app: 'lab' }] },
    all: { segments: ['corp', 'lab'] },
    ...Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`s${index}`, { cidrs: [`10.${20 + index}.0.0/16`] }]),
    ),
  },
  postures: { ok: [{ fact: 'disk', op: 'equals', value: true, maxAgeMs: 5000 }] },
  rules: [
    {
      from: ['corp'],
      to: ['all'],
      services: [{ protocol: 6, ports: [{ from: 1, to: 99 }] }],
      leaseMs: 1000,
      obligations: [{ type: 'log' }],
    },
    { effect: 'deny', to: ['lab'], who: [[{ type: 'role', role: 'guest' }]], posture: ['ok'] },
    { mode: 'shadow', effect: 'deny', from: ['lab'], services: [{ models: ['m'] }] },
    {
      from: ['lab'],
      when: "request.dst.http.method == 'GET'",
      valid: { from: 5, until: Number.POSITIVE_INFINITY, schedule: null },
    },
    ...Array.from({ length: 12 }, (_, index) => ({
      from: [`s${index}`],
      to: [`s${11 - index}`],
      services: [{ ports: [{ from: index, to: 100 * index }] }],
    })),
  ],
})
