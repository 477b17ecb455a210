import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cellSchema, type Registry } from '@assay/providers';
import { WRITE_PATHS } from './write-paths.js';
import { SCHEMAS } from './shapes.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const ABOUT =
  'Hand in a list of URLs, watch the numbers of many third-party providers arrive, take them away as a file. ' +
  'A missing number is never 0: each cell is ok, absent, failed(class) or skipped(reason). Errors are problem+json ' +
  '(RFC 9457); `detail` says what to do next. Lists are paged by `after` and `next`.';

/** OpenAPI 3.1: what query serves itself, from its controllers, and the writes it passes on to ingest. */
export function apiDocument(app: INestApplication, registry: Pick<Registry, 'providers'>): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Assay')
    .setDescription(ABOUT)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  const document = SwaggerModule.createDocument(app, base);
  document.components = {
    ...document.components,
    schemas: plain({ ...SCHEMAS, CellNumbers: cellSchema(registry.providers) }) as Schemas,
  };
  for (const [path, item] of Object.entries(WRITE_PATHS))
    document.paths[path] = { ...document.paths[path], ...item };
  return document;
}

/** Without what only typebox reads. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
