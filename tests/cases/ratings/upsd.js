// Invented rules in the form of the script
var upsdRules = [
  { comment: 'Deprecated', regex: /\b(dep\.example|sub\.dep2\.example\/section)/i, css: { "background-color": "#ffb347" }, filter: ['b'] },
  { comment: 'Predatory journals', regex: /\b(doi\.org\/10\.99991|10\.99992\/|pred(?:ator)?\.example|journal\.test)/i, css: {}, filter: ['b', 'c'] },
];
