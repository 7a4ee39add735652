/** The page's style: no font or image from elsewhere, light and dark by the reader's choice. */

export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --soft: #57606a; --rule: #d8dee4; --a: #0969da; --b: #bc4c00; --c: #8250df; --track: #eaeef2; --bad: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --soft: #9da7b3; --rule: #30363d; --a: #58a6ff; --b: #ffa657; --c: #d2a8ff; --track: #21262d; --bad: #4c1a1a; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
header, main { max-width: 1040px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 32px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; }
h2 { margin: 40px 0 4px; font-size: 20px; }
h3 { margin: 24px 0 4px; font-size: 16px; }
p { margin: 4px 0 12px; max-width: 74ch; }
.where, .note, figcaption { color: var(--soft); font-size: 14px; }
main { padding-bottom: 64px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 12px; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr.wrong td { background: var(--bad); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 16px; margin-top: 16px; }
figure { margin: 0; }
.bars svg { min-width: 620px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 12px; }
svg .mid { text-anchor: middle; }
svg .end { text-anchor: end; }
svg .grid { stroke: var(--rule); fill: none; }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg .line.again { stroke-dasharray: 5 3; }
svg .line.a { stroke: var(--a); }
svg .line.b { stroke: var(--b); }
svg .line.c { stroke: var(--c); }
svg .band { fill: var(--b); opacity: 0.22; }
svg .band.snapshot { fill: var(--c); }
svg .track { fill: var(--track); }
svg .bar { fill: var(--a); }
.key { display: inline-block; width: 18px; height: 3px; margin: 0 4px 4px 0; border-radius: 2px; }
.key.a { background: var(--a); }
.key.b { background: var(--b); margin-left: 16px; }
.key.c { background: var(--c); margin-left: 16px; }
ul { padding-left: 20px; max-width: 74ch; }
`;
