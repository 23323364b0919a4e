/** Where the steps are drawn: in layers from top to bottom, each below all that it waits for. Pure. */

export interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Box[];
  /** Lines from step to step, by the points that they pass. */
  lines: { from: string; to: string; points: { x: number; y: number }[] }[];
}

const GAP_X = 28;
const GAP_Y = 34;
/** Of the place where a line passes a layer without ending in it. */
const PASSAGE_WIDTH = 16;
const SWEEPS = 4;

type Edge = readonly [from: string, to: string];

interface Node {
  name: string;
  layer: number;
  width: number;
  height: number;
  /** Those above and below that it is joined with. */
  above: Node[];
  below: Node[];
  isPassage: boolean;
}

export function layoutOf(
  names: readonly string[],
  edges: readonly Edge[],
  boxWidth: number,
  heightOf: (name: string) => number,
): Layout {
  const nodes = new Map(names.map((name) => [name, nodeOf(name, boxWidth, heightOf(name))]));
  const known = edges.filter(([from, to]) => nodes.has(from) && nodes.has(to));
  for (const name of names) setLayer(name, nodes, known);
  const layers: Node[][] = [];
  for (const node of nodes.values()) (layers[node.layer] ??= []).push(node);
  const chains = known.map((edge) => join(edge, nodes, layers));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) layers.forEach((layer) => sort(layer, layers));
  const places = placesOf(layers);
  const boxes = [...nodes.values()].map((node) => places.get(node) as Box);
  const lines = chains.map((chain) => ({
    from: first(chain).name,
    to: last(chain).name,
    points: pointsOf(chain, places),
  }));
  return {
    width: Math.max(...[...places.values()].map(({ x, width }) => x + width), 0),
    height: Math.max(...boxes.map(({ y, height }) => y + height), 0),
    boxes,
    lines,
  };
}

function nodeOf(name: string, width: number, height: number): Node {
  return { name, layer: 0, width, height, above: [], below: [], isPassage: false };
}

/** One more than the lowest that it waits for. Steps come after what they take from, so those are known. */
function setLayer(name: string, nodes: ReadonlyMap<string, Node>, edges: readonly Edge[]): void {
  const node = nodes.get(name);
  if (!node) return;
  const sources = edges.filter(([, to]) => to === name).map(([from]) => nodes.get(from)?.layer ?? 0);
  node.layer = sources.length > 0 ? Math.max(...sources) + 1 : 0;
}

/** Joins both ends, with a passage in each layer between them. */
function join([from, to]: Edge, nodes: ReadonlyMap<string, Node>, layers: Node[][]): Node[] {
  const chain = [nodes.get(from) as Node];
  const end = nodes.get(to) as Node;
  for (let layer = first(chain).layer + 1; layer < end.layer; layer += 1) {
    const passage = { ...nodeOf(`${from} ${to}`, PASSAGE_WIDTH, 0), layer, isPassage: true };
    layers[layer]?.push(passage);
    chain.push(passage);
  }
  chain.push(end);
  chain.slice(1).forEach((node, index) => {
    chain[index]?.below.push(node);
    node.above.push(chain[index] as Node);
  });
  return chain;
}

/** By the mean place of those that each is joined with: so that few lines cross. */
function sort(layer: Node[], layers: readonly Node[][]): void {
  const place = (node: Node) => {
    const near = [...node.above, ...node.below];
    const places = near.map(
      (other) => ((layers[other.layer]?.indexOf(other) ?? 0) + 0.5) / (layers[other.layer]?.length ?? 1),
    );
    return places.length > 0 ? places.reduce((sum, each) => sum + each, 0) / places.length : 0.5;
  };
  const places = new Map(layer.map((node) => [node, place(node)]));
  layer.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

function placesOf(layers: readonly Node[][]): Map<Node, Box> {
  const widths = layers.map((layer) => layer.reduce((sum, node) => sum + node.width + GAP_X, -GAP_X));
  const whole = Math.max(...widths, 0);
  const places = new Map<Node, Box>();
  let y = 0;
  layers.forEach((layer, index) => {
    let x = (whole - (widths[index] ?? 0)) / 2;
    const height = Math.max(...layer.map((node) => node.height));
    for (const node of layer) {
      places.set(node, {
        name: node.name,
        x,
        y,
        width: node.width,
        height: node.isPassage ? height : node.height,
      });
      x += node.width + GAP_X;
    }
    y += height + GAP_Y;
  });
  return places;
}

/** From below the first to above the last, through the passages. */
function pointsOf(chain: readonly Node[], places: ReadonlyMap<Node, Box>): { x: number; y: number }[] {
  return chain.flatMap((node, index) => {
    const { x, y, width, height } = places.get(node) as Box;
    const top = { x: x + width / 2, y };
    const bottom = { x: x + width / 2, y: y + height };
    if (index === 0) return [bottom];
    return index === chain.length - 1 ? [top] : [top, bottom];
  });
}

function first<Item>(items: readonly Item[]): Item {
  return items[0] as Item;
}

function last<Item>(items: readonly Item[]): Item {
  return items.at(-1) as Item;
}
