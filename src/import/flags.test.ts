import t from 'tap';
import { settingsOfFlags } from './flags.ts';
import { noted } from './test/noted.ts';

t.test('the one flag that is a choice here becomes a setting, as word or boolean', async (t) => {
  for (const [value, setting] of [
    [true, true],
    ['True', true],
    [false, false],
    ['false', false],
    [0, false],
  ] as const) {
    const { notes, lines } = noted();
    const settings = settingsOfFlags(
      JSON.stringify({ PatchOpAllowRemoveAllMembers: value }),
      notes,
    );
    t.same(settings, { allowRemoveAllMembers: setting });
    t.same(lines(), ['mapped PatchOpAllowRemoveAllMembers']);
  }
});

t.test('what is always on, and what nobody read, is told', async (t) => {
  const { notes, lines } = noted();
  const flags = {
    MultiOpPatchRequestAddMultipleMembersToGroup: true,
    MultiOpPatchRequestRemoveMultipleMembersFromGroup: 'False',
    VerbosePatchSupported: true,
    logLevel: 'DEBUG',
    SoftDeleteEnabled: true,
    constructor: 1,
  };
  t.same(settingsOfFlags(JSON.stringify(flags), notes), {});
  t.same(lines(), [
    'mapped MultiOpPatchRequestAddMultipleMembersToGroup',
    'mapped MultiOpPatchRequestRemoveMultipleMembersFromGroup',
    'mapped VerbosePatchSupported',
    'dropped logLevel',
    'dropped SoftDeleteEnabled',
    'dropped constructor',
  ]);
});

t.test('a config that is none leaves the defaults, and is told', async (t) => {
  for (const config of [null, '', 'null', '{}']) {
    const { notes, lines } = noted();
    t.same(settingsOfFlags(config, notes), {});
    t.same(lines(), []);
  }
  for (const config of ['{"a":', '[]', 'True', 7]) {
    const { notes, lines } = noted();
    t.same(settingsOfFlags(config, notes), {});
    t.same(lines(), ['refused config']);
  }
  const { notes, lines } = noted();
  t.same(settingsOfFlags('{"PatchOpAllowRemoveAllMembers":"perhaps"}', notes), {});
  t.same(lines(), ['refused PatchOpAllowRemoveAllMembers']);
});
