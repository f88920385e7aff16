// A flame graph as SVG: each frame as wide as its share of the samples, above the frame that called it.
// usage: node flame.mjs TITLE <folded, with lines outer;inner;innermost NUMBER
import { readFileSync } from 'node:fs';
import { escape, svg, text } from './svg.mjs';

const width = 1200, row = 17, top = 34, letter = 6.6;

function tree(lines) {
  const root = { name: 'all', samples: 0, inner: new Map() };
  for (const line of lines) {
    const cut = line.lastIndexOf(' ');
    const samples = Number(line.slice(cut + 1));
    let at = root;
    at.samples += samples;
    for (const name of line.slice(0, cut).split(';')) {
      if (!at.inner.has(name)) at.inner.set(name, { name, samples: 0, inner: new Map() });
      at = at.inner.get(name);
      at.samples += samples;
    }
  }
  return root;
}

function depth(frame) {
  return 1 + Math.max(0, ...[...frame.inner.values()].filter(wide).map(depth));
}

const wide = (frame) => (frame.samples / root.samples) * width >= 0.5;

// Warm colours, the same for the same function in every graph.
function colour(name) {
  let hash = 0;
  for (const c of name) hash = (hash * 31 + c.charCodeAt(0)) >>> 0;
  return `hsl(${hash % 50} 85% ${60 + (hash >>> 8) % 15}%)`;
}

function draw(frame, x, level, parts) {
  const w = (frame.samples / root.samples) * width;
  const y = top + (levels - level - 1) * row;
  const share = ((100 * frame.samples) / root.samples).toFixed(2);
  const room = Math.floor((w - 4) / letter);
  const label = frame.name.length > room ? `${frame.name.slice(0, Math.max(0, room - 2))}..` : frame.name;
  parts.push(`<g><title>${escape(frame.name)}: ${share} %, ${frame.samples} samples</title>`
    + `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(w - 0.3, 0.2).toFixed(1)}" height="${row - 1}" fill="${colour(frame.name)}"/>`
    + (room > 3 ? text((x + 2).toFixed(1), y + 12, escape(label), 'start', 11) : '') + '</g>');
  let at = x;
  for (const inner of [...frame.inner.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (wide(inner)) draw(inner, at, level + 1, parts);
    at += (inner.samples / root.samples) * width;
  }
}

const root = tree(readFileSync(0, 'utf8').trim().split('\n').filter(Boolean));
const levels = depth(root);
const parts = [text(width / 2, 22, escape(process.argv[2]), 'middle', 15)];
draw(root, 0, 0, parts);
process.stdout.write(svg(width, top + levels * row + 10, parts));
