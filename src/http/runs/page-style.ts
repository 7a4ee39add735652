/** The look of a run's page: light and dark as the reader's system has it, wide and narrow, and on paper. */

export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --text: #1a1f29; --dim: #626c7b;
  --line: #e2e6ec; --ok: #15803d; --warn: #b45309; --bad: #b91c1c; --accent: #2563eb;
  --ok-bg: #e9f7ee; --warn-bg: #fdf3e1; --bad-bg: #fdeaea; --code: #f1f3f6; }
@media (prefers-color-scheme: dark) { :root { --bg: #10141b; --card: #181d26; --text: #e6e9ef;
  --dim: #939eae; --line: #2a313d; --ok: #4ade80; --warn: #fbbf24; --bad: #f87171; --accent: #7aa5ff;
  --ok-bg: #14281c; --warn-bg: #2d2412; --bad-bg: #311a1c; --code: #11161e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .1rem 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.4rem 0 .8rem; }
p { margin: .3rem 0; }
.dim { color: var(--dim); }
.over { color: var(--dim); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
.verdict { display: flex; gap: .8rem; align-items: center; margin: 1.4rem 0 1rem; padding: .9rem 1.1rem;
  border-radius: .7rem; font-weight: 600; background: var(--ok-bg); color: var(--ok); }
.verdict.refusals { background: var(--warn-bg); color: var(--warn); }
.verdict.failures { background: var(--bad-bg); color: var(--bad); }
.verdict.empty { background: var(--code); color: var(--dim); }
.verdict svg { flex: none; width: 1.4rem; height: 1.4rem; fill: currentColor; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .7rem; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; }
.tile { padding: .75rem 1rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile.warn b { color: var(--warn); } .tile.bad b { color: var(--bad); }
.card { overflow: hidden; }
.strip { display: block; width: 100%; height: 3rem; }
rect { fill: var(--accent); } rect.warn { fill: var(--warn); } rect.bad { fill: var(--bad); }
rect.back { fill: var(--line); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem 1rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--dim); font-size: .8rem; font-weight: 500; }
th:first-child, td:first-child { text-align: left; }
.bar { width: 7rem; height: .5rem; vertical-align: middle; }
.note { padding: .7rem 1rem; border-left: 3px solid var(--warn); background: var(--card); margin: .5rem 0; }
ul.why { list-style: none; margin: 0; padding: 0; }
ul.why li { padding: .8rem 1rem; border-top: 1px solid var(--line); }
ul.why li:first-child { border-top: 0; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre, .url { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.url { overflow-wrap: anywhere; }
pre { margin: .3rem 0 .9rem; padding: .8rem 1rem; background: var(--code); border-radius: .5rem;
  overflow-x: auto; max-height: 32rem; white-space: pre-wrap; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); } details:first-of-type { border-top: 0; }
summary { display: grid; grid-template-columns: 3.2rem 4.4rem 1fr 6rem; gap: .7rem; align-items: baseline;
  padding: .55rem 1rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover, details[open] > summary { background: var(--code); }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.inside { padding: .6rem 1rem 1rem; }
.status { font-weight: 600; color: var(--ok); } .warn .status { color: var(--warn); }
.bad .status { color: var(--bad); }
.ms { text-align: right; color: var(--dim); font-variant-numeric: tabular-nums; }
.slow .ms { color: var(--warn); font-weight: 600; }
.pick { display: inline-block; margin: 0 0 .8rem; } #only:checked ~ .card details.ok { display: none; }
h3 { font-size: .85rem; margin: .8rem 0 .2rem; color: var(--dim); font-weight: 500; }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .85rem; }
@media (max-width: 40rem) { main { padding-top: 1.4rem; } th, td { padding: .45rem .6rem; }
  .bar { display: none; } summary { grid-template-columns: 2.6rem 3.6rem 1fr; }
  .ms { grid-column: 3; text-align: left; } }
@media print { body { background: #fff; } summary:hover { background: none; } .pick { display: none; } }
`;
