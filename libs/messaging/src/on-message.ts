import type { MessageName } from '@assay/contracts';
import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** Lets a handler's error reach the transport as it is; Nest's own filter makes it an "Internal server error". */
@Catch()
export class PassErrorsOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * A handler of one message: `@EventPattern` that takes names of the catalogue only and keeps the
 * handler's errors, so that logs and dead letters say what happened.
 */
export function OnMessage(message: MessageName): MethodDecorator {
  return applyDecorators(EventPattern(message) as MethodDecorator, UseFilters(PassErrorsOn));
}
