// Prints the words that the two libraries behind most "n minutes ago" labels on sites print: moment and date-fns.
const fs=require('fs'),moment=require('moment'),dfns=require('date-fns/locale');
const rows=new Map();
const clean=w=>w.replace(/[\u200e\u200f\u200b]/g,'').toLowerCase().replace(/^[\s.,،·:]+|[\s.,،:]+$/g,'').replace(/\s+/g,' ');
function R(kind,value,lang,word){ if(typeof word!=='string')return; word=clean(word); if(!word||!/\p{L}/u.test(word)||/[|\d\p{Nd}]/u.test(word))return; const k=[kind,value,lang].join('\t'); if(!rows.has(k))rows.set(k,new Set()); rows.get(k).add(word);}
const DIG=/[\d\p{Nd}]+/u;
function around(s){const m=s.match(DIG); return m?[s.slice(0,m.index).trim(),s.slice(m.index+m[0].length).trim()]:null;}
// Of two words around an age, "for 3 timer siden", the second says "ago": the first alone is a common preposition.
function agos(l,head,tail){ R(clean(head)&&clean(tail)?'approx':'ago','-',l,head); R('ago','-',l,tail); }
function meridiems(l,f){ const seen={}; for(let h=0;h<24;h++){for(const m of [0,59]) for(const low of [true,false]){const w=clean(f(h,m,low)||''); if(w)(seen[w]=seen[w]||new Set()).add(h);}}
 for(const [w,hs] of Object.entries(seen)){const H=[...hs]; const mn=Math.min(...H),mx=Math.max(...H); let v; if(mn===0&&mx===23&&H.length===24)continue; if(mx<12)v='am'; else if(mn>=12)v='pm'; else if(H.includes(0)||H.includes(23))v='night'; else v='noon'; R('period',v,l,w);} }
const U={s:'second',ss:'second',m:'minute',mm:'minute',h:'hour',hh:'hour',d:'day',dd:'day',w:'week',ww:'week',M:'month',MM:'month',y:'year',yy:'year'};
const lits=s=>[...(s||'').matchAll(/\[([^\]]*)\]/g)].map(m=>m[1]);
function sharedEnd(a,b){const x=a.split(' '),y=b.split(' ');const r=[];while(x.length&&y.length&&x[x.length-1]===y[y.length-1]){r.unshift(x.pop());y.pop();}return r.join(' ');}
function sharedStart(a,b){const x=a.split(' '),y=b.split(' ');const r=[];while(x.length&&y.length&&x[0]===y[0]){r.push(x.shift());y.shift();}return r.join(' ');}
for(const f of ['en',...fs.readdirSync('node_modules/moment/locale').map(f=>f.replace('.js',''))]){
 if(['x-pseudo','tlh','tzl','tzm','tzm-latn'].includes(f)) continue;
 moment.locale(f); const L=moment.localeData(); const l=f.split('-')[0]; const P=L.parentLocale||{};
 const cal=L._calendar||P._calendar||L._calendarEl, rt=L._relativeTime||P._relativeTime; if(!cal||!rt){console.error(f,Object.keys(L));continue;}
 for(let m=0;m<12;m++){const d=moment([2010,m,14]); for(const p of ['MMMM','MMM','D MMMM','D MMM','MMMM YYYY']) R('month',m+1,l,d.format(p).replace(/[\d\p{Nd}]+(-?\p{L}{0,2}\b)?/gu,'')); try{R('month',m+1,l,L.months(d,'D MMMM'));R('month',m+1,l,L.monthsShort(d,'D MMM'));R('month',m+1,l,L.months(d,'MMMM'));}catch(e){}}
 for(let k=0;k<7;k++){const d=moment([2010,1,15+k]); for(const p of ['dddd','ddd']) R('weekday',k,l,d.format(p)); for(const p of ['[x] dddd HH','dddd, D MMMM']) R('weekday',k,l,L.weekdays(d,p));}
 meridiems(l,(h,m,low)=>L.meridiem(h,m,low));
 if(l!=='en'||f==='en') for(const k of Object.keys(U)) for(const n of [1,2,3,4,5,7,11,21,22,25,30,44,101]){let s;try{s=L.relativeTime(n,false,k,false);}catch(e){continue} if(typeof s!=='string'||(/week/.test(s)&&l!=='en'))continue;
   const a=around(s); if(a) for(const w of a) R('unit',U[k],l,w); else if(k==='s') R('vague',U[k],l,s); else if(k.length===1?n===1:n===2) R('age',U[k]+(n>1?'*'+n:''),l,s);
   const past=rt.past; let p=typeof past==='function'?past(s):past.replace('%s',s); const i=p.indexOf(s); if(i>=0) agos(l,p.slice(0,i),p.slice(i+s.length)); else {const b=around(p); if(b) {R('unitago',U[k],l,b[1]);} else if(k==='s') R('vagueago',U[k],l,p); else if(k.length===1?n===1:n===2) R('ageago',U[k]+(n>1?'*'+n:''),l,p);}
 }
 const now=moment([2010,1,17,12]); const c=(k,d)=>{let s=cal[k]; if(typeof s==='function')s=s.call(d,now); return s||'';};
 const t=lits(c('sameDay',now)),y=lits(c('lastDay',now)); 
 if(t.length&&y.length){ const e=sharedEnd(t[0],y[0]), st=sharedStart(t[0],y[0]); R('filler','-',l,e); for(const [v,w] of [[0,t[0]],[-1,y[0]]]) {let x=w; if(e&&x!==e) x=x.slice(0,x.length-e.length); R('day',v,l,x);} for(const w of t.slice(1)) R('filler','-',l,w); }
 for(let k=0;k<7;k++){const s=c('lastWeek',moment([2010,1,10+k,12])).replace(/LT|HH:mm|H:mm/,'\u0001'); const [head,tail]=s.split('\u0001'); if(!/dddd/.test(s)) {R('lastweekday',(k+2)%7,l,lits(s)[0]||'');continue;} const [b,a]=s.split('dddd'); for(const part of [b,a]) for(let w of lits(part||'')) {const e=t.length&&y.length?sharedEnd(t[0],y[0]):''; if(e&&w.endsWith(' '+e)) w=w.slice(0,w.length-e.length); else if(w===e) continue; R('last','-',l,w);} }
 for(const k of ['LT','LTS','LL','LLL','LLLL']) {const fm=L.longDateFormat(k)||''; for(const w of lits(fm)) for(const x of w.split(' ')) R('filler','-',l,x); for(const w of fm.replace(/\[[^\]]*\]/g,' ').split(/[\sa-zA-Z.,:\/-]+/)) R('filler','-',l,w);}
 for(const n of [1,2,3,4,14,31]) for(const p of ['D']) {const o=L.ordinal?String(L.ordinal(n,p)):''; const w=o.replace(/^[\d\p{Nd}]+/u,''); R('ordinal','-',l,w);}
}
for(const [code,L] of Object.entries(dfns)){ const l=L.code.split('-')[0]; 
 for(let m=0;m<12;m++) for(const width of ['wide','abbreviated']) for(const context of ['formatting','standalone']) {try{R('month',m+1,l,L.localize.month(m,{width,context}));}catch(e){}}
 for(let k=0;k<7;k++) for(const width of ['wide','abbreviated','short']) for(const context of ['formatting','standalone']) {let w;try{w=L.localize.day(k,{width,context});}catch(e){} if(typeof w==='string'&&(w.length>2||width==='wide')) R('weekday',(k+6)%7,l,w);}
 for(const [p,v] of [['am','am'],['pm','pm'],['midnight','midnight'],['noon','noon'],['morning','morning'],['afternoon','afternoon'],['evening','evening'],['night','night']]) for(const width of ['wide','abbreviated']) for(const context of ['formatting','standalone']) {try{R('period',v,l,L.localize.dayPeriod(p,{width,context}));}catch(e){}}
 const FD=(t,n,x)=>{try{return L.formatDistance(t,n,x?{addSuffix:true,comparison:-1}:undefined)||'';}catch(e){return '';}};
 let agoB={},agoA={},tot=0; const past=[];
 for(const u of ['Seconds','Minutes','Hours','Days','Weeks','Months','Years']) for(const n of [2,3,4,5,7,11,12,17,21,22,25,45]){ const b=FD('x'+u,n,false),p=FD('x'+u,n,true); const ab=around(b),ap=around(p); if(!ab||!ap)continue; past.push([u,ab,ap]); }
 // the words shared by every past form are the words of "ago"; what is left is the unit
 const uns=['ja','zh','th','ko','km'].includes(l); const split=s=>uns?[...s].filter(c=>c!==' '):s.split(' ').filter(Boolean);
 const lead=(list)=>{let r=null;for(const s of list){const w=split(s); if(r===null)r=w; else {let i=0;while(i<r.length&&i<w.length&&r[i]===w[i])i++; r=r.slice(0,i);} } return r||[];};
 const B=lead(past.map(x=>x[2][0])), A=lead(past.map(x=>split(x[2][1]).reverse().join(uns?'':' '))).reverse(); const J=uns?'':' ';
 agos(l,B.join(J),A.join(J));
 for(const [u,ab,ap] of past){ const unit=u.toLowerCase().slice(0,-1); const b=split(ap[0]).slice(B.length).join(J), a=split(ap[1]); const tail=a.slice(0,a.length-A.length).join(J); R(B.length||A.length?'unit':'unitago',unit,l,b); R(B.length||A.length?'unit':'unitago',unit,l,tail); for(const w of ab) R('unit',unit,l,w);}
 for(const u of ['Second','Minute','Hour','Day','Week','Month','Year']) for(const x of [false,true]) {const s=FD('x'+u+'s',1,x); const a=around(s); const unit=u.toLowerCase(); if(!a){ if(x)R('ageago',unit,l,s); else R('age',unit,l,s);} else if(!x) for(const w of a) R('unit',unit,l,w);}
 for(const [tok,unit] of [['aboutXHours','hour'],['aboutXWeeks','week'],['aboutXMonths','month'],['aboutXYears','year'],['overXYears','year'],['almostXYears','year'],['lessThanXMinutes','minute'],['lessThanXSeconds','second']]) { 
  for(const n of [1,2,5]) for(const x of [false,true]) {const base=FD('x'+tok.replace(/.*X/,''),n,x), s=FD(tok,n,x); if(!s||!base||s===base)continue; const i=s.indexOf(base); if(i>=0){R('approx','-',l,s.slice(0,i));R('approx','-',l,s.slice(i+base.length));} else { const a=around(s),b=around(base); if(a&&b){ if(a[1]===b[1]&&a[0]!==b[0]) { let w=a[0]; for(const k of split(b[0])) w=w.replace(k,' '); R('approx','-',l,w);} else if(a[1]!==b[1]){R('unit',unit,l,'');}} else if(x) R('ageago',unit+(n>1?'*'+n:''),l,s); } } }
 const half=FD('halfAMinute',1,true); R('halfago','-',l,half);
 const base=new Date(2010,1,17,12),rel=(t,d)=>{try{const s=L.formatRelative(t,d,base,{locale:L,weekStartsOn:1});return s||'';}catch(e){return '';}}; const ql=s=>[...s.matchAll(/'([^']*)'/g)].map(m=>m[1]);
 const ty=ql(rel('today',base)),ye=ql(rel('yesterday',base)); if(ty.length&&ye.length){const e=sharedEnd(ty[0].trim(),ye[0].trim()); R('filler','-',l,e); for(const [v,w] of [[0,ty[0].trim()],[-1,ye[0].trim()]]) R('day',v,l,e&&w!==e?w.slice(0,w.length-e.length):w);}
 for(let k=0;k<7;k++){const d=new Date(2010,1,8+k,12); const s=rel('lastWeek',d); const e=ty.length&&ye.length?sharedEnd(ty[0].trim(),ye[0].trim()):''; const m=s.match(/e{3,}|E{3,}|c{3,}/); if(m){ let i=0; const parts=[s.slice(0,m.index),s.slice(m.index)]; for(const part of parts) for(let w of ql(part)){w=w.trim(); if(e&&w.endsWith(' '+e))w=w.slice(0,w.length-e.length); else if(w===e)continue; R('last','-',l,w);} } else if(s) R('lastweekday',k,l,ql(s)[0]||''); }
 for(const width of ['full','long','medium']) {const fm=L.formatLong.date({width})+' '+L.formatLong.time({width})+' '+(L.formatLong.dateTime({width})||''); for(const w of ql(fm)) for(const x of w.split(' ')) R('filler','-',l,x); }
 for(const n of [1,2,3,4,14]) {let o='';try{o=String(L.localize.ordinalNumber(n,{unit:'date'}));}catch(e){} R('ordinal','-',l,o.replace(/^[\d\p{Nd}]+/u,''));}
}
// A word that plain durations are printed with as well says no "ago": "3 Deeg" is not yet "virun 3 Deeg".
for(const [k,ws] of rows){const [kind,v,l]=k.split('\t'); if(kind==='unitago') for(const w of [...ws]) if((rows.get(['unit',v,l].join('\t'))||new Set()).has(w)||(rows.get(['ago','-',l].join('\t'))||new Set()).has(w)) ws.delete(w);}
// A word printed with three units or more is a word of "ago", not a unit.
const seen={}; for(const [k,ws] of rows){const [kind,v,l]=k.split('\t'); if(kind==='unit') for(const w of ws){const q=l+'\t'+w; (seen[q]=seen[q]||new Set()).add(v);}}
for(const [q,vs] of Object.entries(seen)) if(vs.size>=3){const [l,w]=q.split('\t'); for(const v of vs) rows.get(['unit',v,l].join('\t')).delete(w); R('ago','-',l,w);}
for(const [k,ws] of rows){const [kind,v,l]=k.split('\t'); if(kind==='last') for(const w of (rows.get(['filler','-',l].join('\t'))||[])) ws.delete(w);}
for(const [k,ws] of [...rows]) if(!ws.size) rows.delete(k);
console.log('# words that moment and date-fns print (MIT licences); made by site_words.js, do not edit');
for(const k of [...rows.keys()].sort()) console.log(k+'\t'+[...rows.get(k)].sort().join('|'));
