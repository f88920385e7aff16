// Two panels as SVG, the rate and the 99th percentile against the number of connections, or what else is named.
// usage: node plot.mjs TITLE [ACROSS LEFT RIGHT] <points.tsv, with lines NAME CONNECTIONS RATE P99_ms
import { readFileSync } from 'node:fs';
import { escape, svg, text } from './svg.mjs';

const panel = { width: 380, height: 260, left: 70, top: 50 };
const [title, variable = 'connections', left = 'answers a second', right = '99th percentile, ms'] = process.argv.slice(2);
const colours = ['#0b57d0', '#777', '#c5221f', '#188038', '#e37400'];

const points = readFileSync(0, 'utf8').trim().split('\n').map((line) => {
  const [name, connections, rate, p99] = line.split('\t');
  return { name, connections: Number(connections), rate: Number(rate), p99: Number(p99) };
});
const names = [...new Set(points.map((p) => p.name))];
const steps = [...new Set(points.map((p) => p.connections))].sort((a, b) => a - b);

// The least of 1, 2 and 5 times a power of ten that is not below the value.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value);
}

function axes(x0, caption, top) {
  const bottom = panel.top + panel.height;
  const across = steps.map((n) => text(x0 + x(n), bottom + 18, n, 'middle'));
  const up = [0, 1, 2, 3, 4].map((i) => {
    const y = bottom - (panel.height * i) / 4;
    return `<line x1="${x0}" x2="${x0 + panel.width}" y1="${y}" y2="${y}" stroke="#ddd"/>`
      + text(x0 - 6, y + 4, Number(((top * i) / 4).toPrecision(3)), 'end');
  });
  return [...across, ...up, text(x0, panel.top - 12, caption),
    text(x0 + panel.width / 2, bottom + 36, escape(variable), 'middle')].join('\n');
}

// Connections double from left to right.
function x(connections) {
  const span = Math.log2(steps.at(-1) / steps[0]) || 1;
  return (panel.width * Math.log2(connections / steps[0])) / span;
}

function curve(x0, name, field, top) {
  const colour = colours[names.indexOf(name) % colours.length];
  const at = points.filter((p) => p.name === name)
    .map((p) => [x0 + x(p.connections), panel.top + panel.height * (1 - p[field] / top)]);
  return `<polyline points="${at.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`
    + at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`).join('');
}

function drawn(index, field, caption) {
  const x0 = panel.left + index * (panel.width + panel.left + 20);
  const top = roundUp(Math.max(...points.map((p) => p[field])));
  return axes(x0, caption, top) + names.map((name) => curve(x0, name, field, top)).join('\n');
}

const legend = names.map((name, i) => {
  const y = panel.top + panel.height + 60 + i * 18;
  return `<rect x="${panel.left}" y="${y - 10}" width="12" height="12" fill="${colours[i % colours.length]}"/>`
    + text(panel.left + 18, y, escape(name));
});
process.stdout.write(svg(2 * (panel.width + panel.left + 30), panel.top + panel.height + 70 + names.length * 18, [
  text(panel.left, 20, escape(title), 'start', 15),
  drawn(0, 'rate', escape(left)),
  drawn(1, 'p99', escape(right)),
  ...legend,
]));
