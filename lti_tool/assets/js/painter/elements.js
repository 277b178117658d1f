const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes, text = "") {
  const made = withAttributes(document.createElement(name), attributes);
  made.textContent = text;
  return made;
}

export function svgElement(name, attributes) {
  return withAttributes(document.createElementNS(SVG, name), attributes);
}

function withAttributes(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
