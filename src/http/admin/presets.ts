/** What an endpoint may start from, as administrators see it: `POST /scim/admin/endpoints` takes the name. */
import { notFound } from '../../scim/errors.ts';
import { allPresets, type Preset, presetNamed, presetNames } from '../../store/presets.ts';
import { parseEndpointConfig } from '../../store/endpoint-config.ts';
import { type Answer, jsonAnswer } from '../answer.ts';

export function listPresets(): Answer {
  return jsonAnswer(200, JSON.stringify(allPresets().map(shown)));
}

export function readPreset(name: string): Answer {
  const preset = presetNamed(name);
  if (preset !== undefined) return jsonAnswer(200, JSON.stringify(shown(preset)));
  throw notFound(`no preset is called ${JSON.stringify(name)}; there are ${presetNames()}`);
}

/** Settings with their defaults: what an endpoint of the preset goes by. */
function shown({ name, description, profile }: Preset): object {
  const { settings } = parseEndpointConfig({ preset: name });
  return { name, description, settings, ...profile };
}
