/** The coordinator's metrics; – until they are known. */
import type { CoordinatorMetricsBody } from "@callboard/client";
import { useTrend } from "../hooks/useTrend";
import css from "./MetricTiles.module.css";
import { Trend } from "./Trend";

export function MetricTiles({ metrics }: { metrics: CoordinatorMetricsBody | undefined }) {
  return (
    <dl className={css.tiles} aria-label="Coordinator">
      <Tile name="Active workflows" figure={metrics?.active_workflows} hasTrend />
      <Tile name="Total workflows" figure={metrics?.total_workflows} />
      <Tile name="Messages" figure={metrics?.total_messages} hasTrend />
      <HealthyTile metrics={metrics} />
      <RunnersTile metrics={metrics} />
    </dl>
  );
}

/** Who is switched off is not failing. */
function HealthyTile({ metrics }: { metrics: CoordinatorMetricsBody | undefined }) {
  const isShort = metrics !== undefined && metrics.healthy_agents < metrics.registered_agents;
  const off = metrics?.disabled_agents ?? 0;
  return (
    <div className={css.tile}>
      <dt>Healthy agents</dt>
      <dd className={isShort ? css.bad : ""}>
        {metrics?.healthy_agents ?? "–"}
        {metrics && <small> of {metrics.registered_agents}</small>}
        {off > 0 && <small> · {off} off</small>}
      </dd>
    </div>
  );
}

function RunnersTile({ metrics }: { metrics: CoordinatorMetricsBody | undefined }) {
  const lack = metrics && missing(metrics);
  return (
    <div className={css.tile}>
      <dt>Runners</dt>
      <dd className={lack ? css.bad : ""}>
        {metrics?.runners ?? "–"}
        {lack && <small> {lack}</small>}
      </dd>
    </div>
  );
}

/** What no runner does, in a few words; "" when all is served. */
function missing({ runners, unserved_skills: skills }: CoordinatorMetricsBody): string {
  if (runners === 0) return "nothing is being done";
  return skills.length > 0 ? `without ${skills.join(", ")}` : "";
}

interface TileProps {
  name: string;
  figure: number | undefined;
  hasTrend?: boolean;
}

function Tile({ name, figure, hasTrend = false }: TileProps) {
  const values = useTrend(figure);
  return (
    <div className={css.tile}>
      <dt>{name}</dt>
      <dd>
        {figure === undefined ? "–" : figure.toLocaleString()}
        {hasTrend && <Trend values={values} />}
      </dd>
    </div>
  );
}
