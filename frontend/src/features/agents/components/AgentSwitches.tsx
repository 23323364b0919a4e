/** The switches of one agent, for operators who may change it: service, capacity, weight, and the reason. */
import { Button, NumberInput, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";

import { ApiError, type AgentStatusBody, type AgentSwitch } from "@callboard/client";
import css from "./AgentDetails.module.css";

const SERVICE = {
  on: { label: "In service", enabled: true, draining: false },
  draining: { label: "Draining", enabled: true, draining: true },
  off: { label: "Off", enabled: false, draining: false },
} as const;
type Service = keyof typeof SERVICE;

const WHY_LENGTH = 500;
const MOST_CONCURRENT = 10_000;
const LEAST_WEIGHT = 0.01;
const MOST_WEIGHT = 100;

interface Props {
  agent: AgentStatusBody;
  /** Rejects with ApiError. */
  onChange: (wanted: AgentSwitch) => Promise<unknown>;
}

export function AgentSwitches({ agent, onChange }: Props) {
  const [service, setService] = useState<Service>(serviceOf(agent));
  const [capacity, setCapacity] = useState<number | string>(agent.max_concurrent);
  const [weight, setWeight] = useState<number | string>(agent.weight);
  const [why, setWhy] = useState("");
  const [isSending, setSending] = useState(false);
  const [message, setMessage] = useState("");
  const wanted = changesOf(agent, service, capacity, weight);

  const submit = async () => {
    setSending(true);
    try {
      await onChange({ ...wanted, why });
      setWhy("");
      setMessage("Saved.");
    } catch (error) {
      setMessage(error instanceof ApiError ? error.message : "It could not be saved.");
    }
    setSending(false);
  };
  return (
    <form
      className={css.form}
      aria-label={`Switches of ${agent.agent_name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <SegmentedControl
        aria-label="Service"
        fullWidth
        value={service}
        onChange={(value) => setService(value)}
        data={(Object.keys(SERVICE) as Service[]).map((value) => ({ value, label: SERVICE[value].label }))}
      />
      <div className={css.numbers}>
        <NumberInput
          label="Jobs at once"
          min={1}
          max={MOST_CONCURRENT}
          allowDecimal={false}
          value={capacity}
          onChange={setCapacity}
        />
        <NumberInput
          label="Weight"
          min={LEAST_WEIGHT}
          max={MOST_WEIGHT}
          step={0.5}
          value={weight}
          onChange={setWeight}
        />
      </div>
      <TextInput
        label="Why"
        description="Shown to those whose work waits for this agent."
        maxLength={WHY_LENGTH}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <div className={css.submit}>
        <output>{message}</output>
        <Button type="submit" loading={isSending} disabled={Object.keys(wanted).length === 0}>
          Save
        </Button>
      </div>
    </form>
  );
}

function serviceOf(agent: AgentStatusBody): Service {
  if (!agent.enabled) return "off";
  return agent.draining ? "draining" : "on";
}

/** Only what is different from what the agent has now: somebody else may be changing the rest. */
function changesOf(
  agent: AgentStatusBody,
  service: Service,
  capacity: number | string,
  weight: number | string,
): AgentSwitch {
  const { enabled, draining } = SERVICE[service];
  return {
    ...(service !== serviceOf(agent) && { enabled, draining }),
    ...(typeof capacity === "number" && capacity !== agent.max_concurrent && { max_concurrent: capacity }),
    ...(typeof weight === "number" && weight !== agent.weight && { weight }),
  };
}
