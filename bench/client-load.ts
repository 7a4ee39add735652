/** How busy the client was: a figure that a busy client took says how fast the client is. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

export interface ClientLoad {
  /** CPU time that this process spent. */
  readonly cpuMs: number;
  /** Share of the time in which its event loop had work. */
  readonly loopShare: number;
  /** How late its timers were, of a hundred the worst. */
  readonly lagP99Ms: number;
}

/** @returns ends the watch */
export function watchClient(): () => ClientLoad {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  return () => {
    const cpu = process.cpuUsage(cpuBefore);
    const { utilization } = performance.eventLoopUtilization(loopBefore);
    delay.disable();
    return {
      cpuMs: (cpu.user + cpu.system) / 1000,
      loopShare: Math.round(utilization * 100) / 100,
      // The histogram counts the timer's own period too.
      lagP99Ms: Math.max(0, Math.round(delay.percentile(99) / 1e4 - 100) / 100),
    };
  };
}

/** Of one core; garbage collection on other threads counts too. */
const CPU_SHARE_MAX = 0.95;
/** Of the requests of an open loop that left late although a connection was free. */
const CLIENT_LATE_MAX = 0.01;

export interface ClientFigures {
  readonly clientCpuShare: number;
  /** Of an open loop. */
  readonly sent?: number;
  readonly clientLateStarts?: number;
}

/** Such a client is what was measured. */
export function clientWasTheLimit(clientCpuShare: number): boolean {
  return clientCpuShare >= CPU_SHARE_MAX;
}

/** Why figures of this run are the client's and not the server's; undefined when they are not. */
export function saturated(client: ClientFigures): string | undefined {
  const { clientCpuShare, sent = 0, clientLateStarts = 0 } = client;
  if (clientWasTheLimit(clientCpuShare)) {
    return `the client took ${Math.round(clientCpuShare * 100)} % of a core: it was the limit`;
  }
  if (clientLateStarts > sent * CLIENT_LATE_MAX) {
    return `the client was late with ${Math.round((clientLateStarts / sent) * 100)} % of the requests`;
  }
  return undefined;
}
