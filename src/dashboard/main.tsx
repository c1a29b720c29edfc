/** Owns the start of the dashboard in a browser. */
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { takeArrival } from './arrival.ts';
import { preloadPage } from './pages/pages.ts';

const arrival = takeArrival();
preloadPage(window.location.pathname);

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App arrival={arrival} />);
