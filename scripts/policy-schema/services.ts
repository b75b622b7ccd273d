import { z } from 'zod'
import { oneOrList } from './common.ts'

const portsSchema = z
  .array(z.union([z.number(), z.string()]))
  .meta({ description: 'ports 0 to 65535, or inclusive ranges as text', examples: [[443, '8000-8100']] })

const httpSchema = z
  .strictObject({
    methods: z
      .array(z.string())
      .meta({ description: 'HTTP methods; GET also covers HEAD', examples: [['GET', 'POST']] })
      .exactOptional(),
    routes: z
      .array(z.string())
      .meta({
        description: 'route templates; parameters as :id or {id}, everything below a path with /*',
        examples: [['/v1/models/:id', '/admin/*']],
      })
      .exactOptional(),
  })
  .meta({ description: 'HTTP requests; an empty object is any HTTP request' })

const grpcSchema = z
  .strictObject({
    service: z.string().meta({ description: 'fully qualified gRPC service', examples: ['inference.v1.Generate'] }),
    methods: z
      .array(z.string())
      .meta({ description: 'gRPC method names without slashes', examples: [['Run']] })
      .exactOptional(),
  })
  .meta({ description: 'gRPC calls' })

/** One alternative of a service. */
export const serviceEntrySchema = z
  .strictObject({
    protocol: z
      .union([z.string(), z.number()])
      .meta({ description: 'protocol name or IANA number', examples: ['tcp', 'udp', 'icmp', 132] })
      .exactOptional(),
    ports: portsSchema.exactOptional(),
    sourcePorts: portsSchema.exactOptional(),
    http: httpSchema.exactOptional(),
    grpc: grpcSchema.exactOptional(),
    models: z
      .array(z.string())
      .meta({ description: 'model names; a final * stands for any ending', examples: [['llama-3-70b', 'embed-*']] })
      .exactOptional(),
    tools: z
      .array(z.string())
      .meta({ description: 'tool names; a final * stands for any ending', examples: [['web.search']] })
      .exactOptional(),
  })
  .meta({ id: 'ServiceEntry', description: 'what is asked of the destination; every part that is present must match' })

/** A named service: one entry, or a list of which one must match. */
export const serviceSchema = oneOrList(serviceEntrySchema).meta({
  id: 'Service',
  description: 'one service entry, or a list of entries of which one must match',
})
